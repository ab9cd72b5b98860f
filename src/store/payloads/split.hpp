#pragma once
// Takes an order's payload apart into what orders have in common and what is this order's own. Pure.
//
// The pieces of a payload, one after another, are the payload. A piece begins at each object in a list, so that orders
// with other numbers of lines have the same pieces. Its shape is the piece with "%s" where a value stood: names of
// fields, punctuation, and the beginnings of web addresses, as far as they hold no digits. JSON nested in strings is
// taken apart too. Fast: one pass, nothing is copied but shapes.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store::payloads {

// Reused from payload to payload, so that nothing is allocated. The views are into the payload and into `shapes`.
struct split_payload {
  struct piece {
    std::size_t at = 0;           // in the payload
    std::size_t shape = 0;        // in `shapes`
    std::size_t first_value = 0;  // in `values`
  };
  std::string_view payload;
  std::string shapes;  // may be longer than what the pieces name
  std::vector<std::string_view> values;
  std::vector<piece> pieces;  // and where they end

  std::size_t count() const { return pieces.empty() ? 0 : pieces.size() - 1; }
  // Of the piece of that number.
  std::string_view text_of(std::size_t number) const {
    return payload.substr(pieces[number].at, pieces[number + 1].at - pieces[number].at);
  }
  std::string_view shape_of(std::size_t number) const {
    const auto begin = pieces[number].shape;
    return std::string_view{shapes}.substr(begin, pieces[number + 1].shape - begin);
  }
  std::span<const std::string_view> values_of(std::size_t number) const {
    const auto begin = pieces[number].first_value;
    return std::span{values}.subspan(begin, pieces[number + 1].first_value - begin);
  }
};

// False where the text is no JSON object as the API writes them, or has a line break, or is longer than 1 MiB: it is
// then better left whole.
bool split(std::string_view payload, split_payload& into);

}  // namespace ordersync::store::payloads
