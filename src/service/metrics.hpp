#pragma once
// The numbers of /metrics. Counters and histograms are kept here; gauges are what they are at the moment of the asking,
// and brought by whoever asks, so that what is not known any more is gone from the answer.
//
// Any thread. Values of labels come from the configuration and from the source, never from the API or the database:
// their number is bounded.

#include "service/metric_table.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::service {

struct gauge_sample {
  metric of{};
  std::vector<std::string> labels;  // values, in the table's order
  double value = 0;
};

class metrics {
 public:
  using labels = std::initializer_list<std::string_view>;  // values, in the table's order

  metrics();
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  // Adding 0 makes the counter known. Does nothing when there is no memory for it.
  void add(metric of, labels values, double by = 1) noexcept;
  void observe(metric of, labels values, double value) noexcept;

  // In Prometheus' text format, see `text_type`.
  std::string text(const std::vector<gauge_sample>& now) const;

  static constexpr const char* text_type = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct kept;
  std::unique_ptr<kept> kept_;
};

}  // namespace ordersync::service
