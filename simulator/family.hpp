// --family N: three behaviours with values, drawn by N, as flags that can be repeated by hand. Two that make each other
// meaningless, or the API unusable, are never drawn together; nor is what no client could see through or live with:
// --hide-older-than, --ignore-times, br, --close-delimited-rude, a challenge without end. --account is not drawn
// because a client has to be set up for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pandapon_sim {

struct drawn_flag {
  std::string name;
  std::string value;  // empty for a switch
};

/// The same for the same number and orders, on every machine.
std::vector<drawn_flag> draw_family(std::uint64_t number, std::uint32_t orders);

/// One behaviour of the order detail, or none. --detail-refused is not drawn: then there is no detail.
std::vector<drawn_flag> draw_detail_family(std::uint64_t number);

/// As it is typed: `--clamp-range 7d`, `--date-skew=-8h`.
std::string written_out(const drawn_flag& flag);

}  // namespace pandapon_sim
