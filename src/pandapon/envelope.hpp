#pragma once
// The outermost object of a reply, cut into what the mirror wants of it. Pure; any thread.
//
// Facts: the order list is flat, {"total":N,"data":[...],"code":200}; other calls, and probably errors, come in
// {"requestId":...,"code":N,"developId":...,"msg":...,"data":...} (the vendor's documentation; that errors do is
// inferred).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::pandapon {

// Points into the body.
struct envelope {
  std::optional<std::int64_t> code;  // number or text that spells one
  std::string code_problem;          // where there is none: "has no code"
  std::string_view data;             // raw; empty when absent
  std::string_view total;            // raw; empty when absent
  std::string message;               // `msg`: for classifying only, it can echo personal data; empty when absent
};

// None where the body is no JSON object, or holds `code`, `data`, `total` or `msg` twice with different values.
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

// Accepts exactly two shapes: `data` is the list and `total` stands beside it; or `data` is an object with its own
// `total` and exactly one of `data`, `list`, `records`, `rows`, which is the list. Two totals that differ are a
// problem, and so is a `total` that is no whole number from 0 up.
page_or_problem read_page(const envelope& reply);

}  // namespace ordersync::pandapon
