#pragma once
// Small trials of the API for `doctor`, around orders that it has shown: in which zone its times are, what its filter
// does, how large a page may be, whether filters that are left out hide orders. With no order in reach, each is
// reported as unknown.
//
// About 30 requests, 60 at most, and 40 more where the zone is none that is near at hand. One I/O thread. What is given
// outlives it.

#include "app/doctor/client.hpp"
#include "app/doctor/filter.hpp"

#include <boost/asio/awaitable.hpp>

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace ordersync::app::doctor {

inline constexpr std::array<std::string_view, 5> trial_names{"time_zone", "creation_time", "filter_ends", "page_size",
                                                             "unused_filters"};

class probes {
 public:
  // So many rows come with each look for orders: more than most seconds hold, and no more than 1688 itself gives.
  static constexpr int sample_size = 20;

  probes(client& api, const config::settings& settings, report_writer& notes)
      : api_(api), settings_(settings), notes_(notes) {}

  // Looks for orders of the account that is asked for, further and further back, until that is refused. `first`: what
  // was shown, by a page of sample_size, of the range.
  boost::asio::awaitable<void> gather(const pandapon::exact_range& range, const pandapon::shown_page& first);
  // A longer range may show fewer than a shorter one, where the API cuts it.
  bool has_orders() const noexcept { return !ranges_.empty() && widest().total > 0; }

  // After gather().
  boost::asio::awaitable<void> perform();

 private:
  struct counted_range {
    pandapon::exact_range range;
    std::int64_t total = 0;
    std::int64_t rows = 0;
  };

  boost::asio::awaitable<void> look_at_zone();
  boost::asio::awaitable<void> look_at_filter();
  boost::asio::awaitable<void> look_at_page_size();
  boost::asio::awaitable<void> look_at_unused_filters();
  boost::asio::awaitable<std::optional<bool>> shows(const dated_order& order, pandapon::exact_range range);
  boost::asio::awaitable<std::optional<std::int64_t>> add_up_statuses(pandapon::exact_range range);
  std::vector<std::chrono::seconds> zones_to_try() const;
  const counted_range& widest() const;
  void keep(const pandapon::exact_range& range, const pandapon::shown_page& shown);

  client& api_;
  const config::settings& settings_;
  report_writer& notes_;
  std::vector<counted_range> ranges_;
  std::vector<dated_order> orders_;  // that were shown, with both times in whole seconds
  // By how much the API's zone seems to be east of the one that was asked by.
  std::vector<std::chrono::seconds> shifts_;
};

}  // namespace ordersync::app::doctor
