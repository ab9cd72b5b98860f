#include "family.hpp"

#include "random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace pandapon_sim {
namespace {

/// What a behaviour changes. Of those that change the same thing one at most is drawn.
enum aspect : std::uint32_t {
  length = 1U << 0U,  // of ranges
  zone = 1U << 1U,
  count = 1U << 2U,  // of orders
  pages = 1U << 3U,
  statuses_asked = 1U << 4U,
  numbers_asked = 1U << 5U,
  latest = 1U << 6U,  // ranges that end near now
  clock = 1U << 7U,
  rate = 1U << 8U,
  coding = 1U << 9U,
  ending = 1U << 10U,  // of replies
  front = 1U << 11U,
  no_rows = 1U << 12U,
  first_bytes = 1U << 13U,
  statuses_shown = 1U << 14U,
  size = 1U << 15U
};

class drawing {
 public:
  drawing(dice roll, std::uint32_t orders) : roll_(roll), orders_(orders) {}

  /// The first of two values stays.
  void flag(const char* name, std::string value = "") {
    const bool drawn =
        std::any_of(flags_.begin(), flags_.end(), [name](const drawn_flag& flag) { return flag.name == name; });
    if (!drawn) flags_.push_back({name, std::move(value)});
  }
  bool coin() { return roll_.percent(50); }
  std::int64_t between(std::int64_t low, std::int64_t high) { return roll_.between(low, high); }
  std::string seconds(std::int64_t low, std::int64_t high) { return fmt::format("{}s", between(low, high)); }
  template <std::size_t N>
  std::string one_of(const std::array<const char*, N>& values) {
    return values.at(roll_.below(N));
  }
  std::uint32_t orders() const { return orders_; }
  dice& roll() { return roll_; }
  std::vector<drawn_flag> take() { return std::move(flags_); }

 private:
  dice roll_;
  std::uint32_t orders_;
  std::vector<drawn_flag> flags_;
};

void refuse_as(drawing& d) {
  if (d.coin()) d.flag("--refuse-as", fmt::format("{}", d.between(61'000, 69'999)));
}

void clamp(drawing& d) {
  const std::string span = d.one_of(std::array{"3h", "1d", "7d", "31d"});
  d.flag("--clamp-range", d.coin() ? span : span + ",begin");
}

void other_zone(drawing& d) {
  d.flag("--filter-zone", d.one_of(std::array{"+09:00", "+07:00", "+08:30", "+07:30", "+00:00"}));
  if (d.coin()) d.flag("--filter-zone-after", d.seconds(2, 20));
}

void round_filter(drawing& d) {
  d.flag("--round-filter", d.one_of(std::array{"minute", "hour", "day"}));
}

void refuse_range(drawing& d) {
  d.flag("--refuse-range", d.one_of(std::array{"3h", "1d", "7d", "30d", "31d"}));
  refuse_as(d);
}

void refuse_near_now(drawing& d) {
  d.flag("--refuse-near-now", d.one_of(std::array{"30s", "2m", "10m"}));
  refuse_as(d);
}

void max_depth(drawing& d) {
  d.flag("--max-depth", d.one_of(std::array{"500", "1000", "5000", "10000"}));
  refuse_as(d);
}

/// A batch of orders that share a second must fit, or it could be read in no way at all.
void cap(drawing& d) {
  constexpr std::uint32_t least = 200;
  std::vector<std::uint32_t> caps{d.orders() / 8, d.orders() / 4, d.orders() / 2};
  for (const std::uint32_t usual : {1'000U, 5'000U, 10'000U})
    if (usual < d.orders()) caps.push_back(usual);
  d.flag("--cap-total",
         fmt::format("{}", std::max(least, caps[d.roll().below(static_cast<std::uint32_t>(caps.size()))])));
}

void hide_finished(drawing& d) {
  if (d.coin()) {
    d.flag("--hide-finished-after", d.seconds(2, 20));
  } else {
    d.flag("--hide-finished");
  }
  if (d.coin()) d.flag("--hide-finished-keeps-look-ups");
}

void twice(drawing& d) {
  d.flag("--twice", fmt::format("{}", d.between(1, 20)));
  if (d.coin()) d.flag("--twice-counted");
}

void throttle(drawing& d) {
  d.flag("--rate-limit", fmt::format("{}", d.between(10, 50)));
  d.flag("--throttle-as", d.one_of(std::array{"429", "503", "code", "code400", "qos", "qos400", "unknown"}));
}

void wrong_date(drawing& d) {
  switch (d.between(0, 5)) {
    case 0:
      return d.flag("--no-date");
    case 1:
      return d.flag("--date-fixed", "2004-01-01");
    case 2:
      return d.flag("--date-skew", "8h,-8h");
    default:
      return d.flag("--date-skew", d.one_of(std::array{"8h", "-8h", "1h", "-1h", "15m", "-15m"}));
  }
}

void challenge(drawing& d) {
  d.flag("--challenge", d.one_of(std::array{"200", "403"}));
  d.flag("--challenge-from", d.seconds(0, 10));
  d.flag("--challenge-for", d.seconds(1, 10));
}

void encoded(drawing& d) {
  d.flag("--gzip", d.one_of(std::array{"gzip", "deflate", "raw-deflate"}));
}

void leading(drawing& d) {
  d.flag("--leading", d.one_of(std::array{"bom", "newline"}));
}

void fat(drawing& d) {
  d.flag("--fat", d.one_of(std::array{"8KiB", "16KiB", "64KiB"}));
}

void odd_statuses(drawing& d) {
  d.flag("--odd-statuses", fmt::format("{}", d.between(1, 20)));
}

struct drawable {
  std::uint32_t aspects = 0;
  void (*draw)(drawing&) = nullptr;
  const char* name = nullptr;  // where it is a switch and there is nothing to draw
};

/// Rounding to a day leaves no range shorter than one, so nothing that needs shorter ranges goes with it.
constexpr std::array table{
    drawable{length, clamp},
    drawable{zone, other_zone},
    drawable{zone | length | count | pages, round_filter},
    drawable{length, refuse_range},
    drawable{latest, refuse_near_now},
    drawable{pages, max_depth},
    drawable{count, cap},
    drawable{statuses_asked, hide_finished},
    drawable{statuses_asked, nullptr, "--ignore-status"},
    drawable{numbers_asked, nullptr, "--ignore-number"},
    drawable{pages, nullptr, "--repeat-last-page"},
    drawable{pages | count, nullptr, "--same-page"},
    drawable{count, nullptr, "--total-of-lines"},
    drawable{pages | count, nullptr, "--total-of-page"},
    drawable{count, twice},
    drawable{rate, throttle},
    drawable{clock, wrong_date},
    drawable{front, challenge},
    drawable{coding, encoded},
    drawable{ending, nullptr, "--close-delimited"},
    drawable{no_rows, nullptr, "--null-empty"},
    drawable{no_rows, nullptr, "--absent-empty"},
    drawable{first_bytes, leading},
    drawable{size, fat},
    drawable{statuses_shown, nullptr, "--status-words"},
    drawable{statuses_shown, odd_statuses},
};

}  // namespace

std::vector<drawn_flag> draw_family(std::uint64_t number, std::uint32_t orders) {
  constexpr int behaviours = 3;
  drawing d(dice(number, purpose::family, 0), orders);
  std::uint32_t taken = 0;
  for (int drawn = 0; drawn < behaviours;) {
    const drawable& next = table.at(d.roll().below(table.size()));
    if ((taken & next.aspects) != 0) continue;
    taken |= next.aspects;
    if (next.draw == nullptr) {
      d.flag(next.name);
    } else {
      next.draw(d);
    }
    ++drawn;
  }
  return d.take();
}

std::vector<drawn_flag> draw_detail_family(std::uint64_t number) {
  drawing d(dice(number, purpose::family, 1), 0);
  switch (d.between(0, 5)) {
    case 0:
      d.flag("--detail-numbers");
      break;
    case 1:
      d.flag("--detail-thirds", fmt::format("{}", d.between(1, 10)));
      break;
    case 2:
      d.flag("--detail-words", fmt::format("{}", d.between(1, 20)));
      break;
    case 3:
      d.flag("--detail-lag", d.seconds(1, 10));
      break;
    case 4:
      d.flag("--detail-wrong", fmt::format("{}", d.between(1, 20)));
      break;
    default:
      break;
  }
  return d.take();
}

std::string written_out(const drawn_flag& flag) {
  if (flag.value.empty()) return flag.name;
  return flag.name + (flag.value.starts_with('-') ? "=" : " ") + flag.value;
}

}  // namespace pandapon_sim
