// Values of the command line, read from their text. Each throws std::runtime_error that names the flag and says what is
// needed.
#pragma once

#include "instant.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pandapon_sim {

epoch_ms need_time(const std::string& text, std::string_view flag);
/// In milliseconds: `50ms`, `2s`, `3h`, `7d`.
std::int64_t need_duration(const std::string& text, std::string_view flag);
/// The same, or the negative of it after a minus sign.
std::int64_t need_signed_duration(const std::string& text, std::string_view flag);
/// `+09:00`, `-05:30`, in milliseconds.
std::int64_t need_zone(const std::string& text, std::string_view flag);
/// A percentage with up to two decimals, in 1/10,000.
std::uint32_t need_percentage(const std::string& text, std::string_view flag);
std::int64_t need_integer(const std::string& text, std::string_view flag);
std::vector<std::string> split(const std::string& text, char by);

}  // namespace pandapon_sim
