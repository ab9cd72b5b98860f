// Words that orders are made of. All invented: no shop, person, telephone number or address of this world.
#pragma once

#include "random.hpp"

#include <span>
#include <string_view>

namespace pandapon_sim {

/// A place as the address parts name it. No such province, city or town exists.
struct place {
  std::string_view province, city, area, town, division_code, post_code;
};

namespace words {
std::span<const std::string_view> shops();
std::span<const std::string_view> trades();  // second half of a shop's name
std::span<const std::string_view> makes();   // product names: make + material + product + purpose
std::span<const std::string_view> materials();
std::span<const std::string_view> products();
std::span<const std::string_view> purposes();
std::span<const std::string_view> units();
std::span<const std::string_view> colours();
std::span<const std::string_view> sizes();
std::span<const std::string_view> close_reasons();
std::span<const std::string_view> trade_types();
std::span<const std::string_view> flows();
std::span<const std::string_view> receivers();
std::span<const std::string_view> streets();
std::span<const std::string_view> awkward();  // endings that need escapes or four bytes of UTF-8
std::span<const place> places();
}  // namespace words

template <class Word>
const Word& pick(dice& roll, std::span<const Word> from) {
  return from[roll.below(static_cast<std::uint32_t>(from.size()))];
}

}  // namespace pandapon_sim
