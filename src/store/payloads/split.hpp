#pragma once
// Takes an order's payload apart into what orders have in common and what is this order's own. Pure.
//
// The pieces of a payload, one after another, are the payload. A piece begins at each object in a list, so that orders
// with other numbers of lines have the same pieces. Its shape is the piece with "%s" where a value stood: names of
// fields, punctuation, and the beginnings of web addresses, as far as they hold no digits. JSON nested in strings is
// taken apart too. Fast: one pass, nothing is copied but shapes.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store::payloads {

// Reused from payload to payload. The views are into the payload and into `shapes`.
struct split_payload {
  struct piece {
    std::size_t at = 0;           // in the payload
    std::size_t shape = 0;        // in `shapes`
    std::size_t first_value = 0;  // in `values`
  };
  std::string_view payload;
  std::string shapes;
  std::vector<std::string_view> values;
  std::vector<piece> pieces;

  // Of the piece of that number.
  std::string_view text_of(std::size_t number) const;
  std::string_view shape_of(std::size_t number) const;
  std::size_t end_of_values(std::size_t number) const;
};

// False where the text is no JSON object as the API writes them, or has a line break: it is then better left whole.
bool split(std::string_view payload, split_payload& into);

}  // namespace ordersync::store::payloads
