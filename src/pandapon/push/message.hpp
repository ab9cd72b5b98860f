#pragma once
// What a push message of the vendor's says: which order to read again. Pure; any thread.
//
// Facts: the body is a JSON object with `messageType`, `timestamp` (ms since 1970, as text) and `messageBody`, JSON in
// a text or an object, which names the order by `orderId` or `orderNo`. 1688's own topics nest the order's number
// deeper. A text may be encoded once more.
//
// A message is a hint, never data: nothing of it reaches the mirror's orders. Whoever knows the address can send one,
// so everything is bounded, and numbers stay the text that spells them.

#include "core/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::pandapon::push {

// Of a body; the vendor's are about 1 KiB.
constexpr std::size_t longest_body = 65'536;
// Objects and arrays within each other, in the body and again in a `messageBody` that is text.
constexpr int deepest = 16;
// Characters.
constexpr std::size_t longest_type = 100;
constexpr std::size_t longest_number = 64;

struct order_hint {
  std::string type;      // visible ASCII, others as '?'; empty: none was named
  std::string order_id;  // 1688's number or PandaPon's id; letters, digits, '-', '_'; empty: none
  std::string order_no;  // PandaPon's orderNo, likewise; one of both is there
  std::optional<core::instant> sent_at{};
};

struct message {
  enum class sort {
    order,    // names an order
    other,    // valid, and names none: a verification request, for example
    invalid,  // `problem` says why
  };
  sort what = sort::other;
  order_hint hint{};
  // What a signature may be over besides the whole body: the text of `messageBody`, or its exact bytes where it is an
  // object. None: there is no `messageBody`.
  std::optional<std::string> inner{};
  std::string problem{};  // never quotes the body
};

message read_message(std::string_view body);

}  // namespace ordersync::pandapon::push
