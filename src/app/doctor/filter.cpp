#include "app/doctor/filter.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::app::doctor {
namespace {

using namespace std::chrono_literals;

// The two times of an order differ by seconds; around one that is further apart lie too many others.
constexpr std::chrono::minutes furthest{5};

bool shows(const filter_way& way, const filter_inquiry::question& asked) {
  const auto time = way.by_tb ? asked.about.tb_created : asked.about.created;
  const bool after_begin = way.begin_belongs ? asked.begin <= time : asked.begin < time;
  const bool before_end = way.end_belongs ? time <= asked.end : time < asked.end;
  return after_begin && before_end;
}

// Ends that matter: outside of both times, on each of them, and between them.
std::vector<core::second> ends_for(const dated_order& order) {
  const auto [first, last] = std::minmax(order.created, order.tb_created);
  std::vector<core::second> ends{first - 2s, first};
  if (last - first >= 2s) ends.push_back(first + 1s);
  if (last != first) ends.push_back(last);
  ends.push_back(last + 2s);
  return ends;
}

template <class Part>
std::optional<bool> agreed(const std::vector<filter_way>& ways, Part part) {
  if (ways.empty()) return std::nullopt;
  const bool first = std::invoke(part, ways.front());
  const bool same = std::ranges::all_of(ways, [&](const filter_way& way) { return std::invoke(part, way) == first; });
  return same ? std::optional{first} : std::nullopt;
}

constexpr const char* harmless =
    "nothing: the mirror's requests cover every case; run doctor again when there are more orders";

std::string belongs(std::optional<bool> it) {
  return it ? (*it ? "is included" : "is not included") : "is unknown";
}

}  // namespace

filter_inquiry::filter_inquiry(std::vector<dated_order> orders) : orders_(std::move(orders)) {
  std::erase_if(orders_,
                [](const dated_order& order) { return std::chrono::abs(order.created - order.tb_created) > furthest; });
  for (const bool by_tb : {false, true})
    for (const bool begin : {true, false})
      for (const bool end : {true, false}) left_.push_back({by_tb, begin, end});
}

std::optional<filter_inquiry::question> filter_inquiry::next() const {
  std::optional<question> best;
  std::ptrdiff_t most = 0;
  for (const auto& order : orders_) {
    if (dismissed_.contains(order.id)) continue;
    const auto ends = ends_for(order);
    for (std::size_t i = 0; i < ends.size(); ++i) {
      for (std::size_t j = i + 1; j < ends.size(); ++j) {
        const question one{order, ends[i], ends[j]};
        const auto showing = std::ranges::count_if(left_, [&](const filter_way& way) { return shows(way, one); });
        const auto ruled_out = std::min(showing, std::ssize(left_) - showing);
        if (ruled_out <= most) continue;
        most = ruled_out;
        best = one;
      }
    }
  }
  return best;
}

void filter_inquiry::answer(const question& asked, bool shown) {
  std::erase_if(left_, [&](const filter_way& way) { return shows(way, asked) != shown; });
}

std::vector<check> assess_filter(const std::vector<filter_way>& left, int asked) {
  check time{.name = "creation_time", .found = {}};
  check ends{.name = "filter_ends", .found = {}};
  if (left.empty()) {
    time.state = ends.state = check_state::warning;
    time.found = ends.found = "the filter's results match no filter by a creation time in whole seconds";
    time.cure = ends.cure =
        "compare the mirror with the API (ordersync verify); ask the vendor what orderTimeBegin and orderTimeEnd mean";
    return {time, ends};
  }
  const auto by_tb = agreed(left, &filter_way::by_tb);
  const auto begin = agreed(left, &filter_way::begin_belongs);
  const auto end = agreed(left, &filter_way::end_belongs);
  time.found = by_tb        ? (*by_tb ? "the filter uses tbCreateTime" : "the filter uses createTime")
               : asked == 0 ? "no order to test with that has both creation times in whole seconds"
                            : "the available orders do not show which of the two creation times the filter uses";
  ends.found = asked == 0 ? "no order to test with that has both creation times in whole seconds"
                          : "the begin of a range " + belongs(begin) + ", the end " + belongs(end);
  if (!by_tb) time.state = check_state::unknown, time.cure = harmless;
  if (!begin || !end) ends.state = check_state::unknown, ends.cure = harmless;
  return {time, ends};
}

}  // namespace ordersync::app::doctor
