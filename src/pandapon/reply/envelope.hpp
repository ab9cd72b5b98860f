#pragma once
// The outermost object of a reply, cut into what the mirror wants of it. Pure; any thread.
//
// Facts: the order list is flat, {"total":N,"data":[...],"code":200}; other calls, and probably errors, come in
// {"requestId":...,"code":N,"developId":...,"msg":...,"data":...} (the vendor's documentation; that errors do is
// inferred). 1688 itself says {"error_code":"...","error_message":"..."}, and relatives of both say "success":false.
//
// Hazard: a reply that is read wrongly is an empty page, and an empty page proves that there are no orders. So all of
// it but the single orders must be strictly valid JSON (RFC 8259) in valid UTF-8, and a sign of failure beside a code
// of success makes it a failure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::pandapon::reply {

// Points into the body.
struct envelope {
  std::optional<std::int64_t> code;         // number or text that spells one
  std::string code_problem;                 // where there is none: "has no code"
  std::string_view data;                    // raw; empty when absent
  std::vector<std::string_view> objects{};  // of `data`, see json_slice
  std::string_view total;                   // raw; empty when absent
  bool list_elsewhere = false;  // beside `data` there is a list of another name that is known to hold orders
  // The member that says that the request failed, whatever the code says: "success"; empty: none does.
  std::string failure_sign;
  // `error_code` or its like, or a `code` that is no number; empty when absent.
  std::string failure_code;
  // `msg`, `error_message` and their like: for classifying only, they can echo personal data; empty when absent.
  std::string message;
};

// None where the body, but for the elements of a list of orders, is no JSON object, or where it holds one of the
// members above, or a list of orders, twice with different values. Keys are compared without their escapes. A byte
// order mark or white space may stand before the object.
std::optional<envelope> read_envelope(std::string_view body);

// What a page says, still as raw texts that point into the body.
struct page_slices {
  std::int64_t total = 0;
  std::vector<std::string_view> orders;
};

struct page_or_problem {
  std::optional<page_slices> page;
  std::string problem;  // where there is no page: "has no data"
};

// Accepts exactly three shapes: `data` is the list and `total` stands beside it; `data` is an object with its own
// `total` and exactly one of `data`, `list`, `records`, `rows`, which is the list; or `data` is null or absent, no
// other list is there, and `total` is 0. Two totals that differ are a problem, and so is a `total` that is no whole
// number from 0 up.
page_or_problem read_page(const envelope& reply);

}  // namespace ordersync::pandapon::reply
