#include "service/metrics.hpp"

#include <algorithm>
#include <map>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <stdexcept>
#include <utility>

namespace ordersync::service {

namespace {

// From a reply out of a cache to the longest timeout anybody sets; commits lie within the same.
const prometheus::Histogram::BucketBoundaries buckets{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

template <class Values>
prometheus::Labels labels_of(const metric_info& info, const Values& values) {
  if (values.size() != info.labels.size()) throw std::logic_error("labels of " + std::string{info.name});
  prometheus::Labels labels;
  auto name = info.labels.begin();
  for (const auto& value : values) labels.emplace(*name++, value);
  return labels;
}

prometheus::ClientMetric gauge_of(const gauge_sample& sample) {
  prometheus::ClientMetric metric;
  for (auto& [name, value] : labels_of(info_of(sample.of), sample.labels)) metric.label.push_back({name, value});
  metric.gauge.value = sample.value;
  return metric;
}

prometheus::MetricFamily gauge_family(const metric_info& info, const std::vector<gauge_sample>& samples) {
  prometheus::MetricFamily family{std::string{info.name}, std::string{info.help}, prometheus::MetricType::Gauge, {}};
  for (const auto& sample : samples)
    if (sample.of == info.id) family.metric.push_back(gauge_of(sample));
  return family;
}

}  // namespace

struct metrics::kept {
  prometheus::Registry registry;
  std::map<metric, prometheus::Family<prometheus::Counter>*> counters;
  std::map<metric, prometheus::Family<prometheus::Histogram>*> histograms;
};

metrics::metrics() : kept_(std::make_unique<kept>()) {
  for (const auto& info : all_metrics()) {
    const std::string named{info.name};
    const std::string help{info.help};
    if (info.type == metric_type::counter)
      kept_->counters[info.id] = &prometheus::BuildCounter().Name(named).Help(help).Register(kept_->registry);
    if (info.type == metric_type::histogram)
      kept_->histograms[info.id] = &prometheus::BuildHistogram().Name(named).Help(help).Register(kept_->registry);
  }
}

metrics::~metrics() = default;

void metrics::add(metric of, labels values, double by) noexcept {
  try {
    kept_->counters.at(of)->Add(labels_of(info_of(of), values)).Increment(by);
  } catch (const std::bad_alloc&) {
    // Counting must not end the program.
  }
}

void metrics::observe(metric of, labels values, double value) noexcept {
  try {
    kept_->histograms.at(of)->Add(labels_of(info_of(of), values), buckets).Observe(value);
  } catch (const std::bad_alloc&) {
  }
}

std::string metrics::text(const std::vector<gauge_sample>& now) const {
  auto families = kept_->registry.Collect();
  for (const auto& info : all_metrics()) {
    if (info.type != metric_type::gauge) continue;
    auto family = gauge_family(info, now);
    if (!family.metric.empty()) families.push_back(std::move(family));
  }
  std::erase_if(families, [](const auto& family) { return family.metric.empty(); });
  std::ranges::sort(families, {}, &prometheus::MetricFamily::name);
  return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace ordersync::service
