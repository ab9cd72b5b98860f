#include "app/tasks/count_correction.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ordersync::app::tasks {

namespace {

// In a month of a large mirror are so many orders that reading them takes seconds.
constexpr std::chrono::days at_once{31};

}  // namespace

count_correction::count_correction(store::database& database, core::log& log, std::optional<std::string> account)
    : database_(database), log_(log), account_(std::move(account)) {}

boost::asio::awaitable<core::result<std::vector<store::maintenance::miscount>>> count_correction::perform(
    core::window range) {
  auto corrected = co_await correct(std::nullopt);
  const core::second end{std::chrono::ceil<std::chrono::days>(range.end)};
  core::second from{std::chrono::floor<std::chrono::days>(range.begin)};
  while (from < end && !corrected.has_error() && !stop_.requested()) {
    const core::window part{from, std::min(end, from + at_once)};
    corrected = co_await correct(part);
    from = part.end;
  }
  if (corrected.has_error()) co_return corrected.error();
  co_return std::move(found_);
}

boost::asio::awaitable<core::result<void>> count_correction::correct(std::optional<core::window> created) {
  store::maintenance::counted_part part{account_, created};
  const auto differing = co_await database_.maintenance().miscounts(part);
  if (differing.has_error()) co_return differing.error();
  if (differing->empty()) co_return core::result<void>{};
  auto corrected = co_await database_.maintenance().correct_counts(std::move(part));
  if (corrected.has_error()) co_return corrected.error();
  if (!corrected->empty())
    log_.write(core::severity::warning, "counts_corrected", {{"rows", static_cast<std::int64_t>(corrected->size())}});
  std::ranges::move(*corrected, std::back_inserter(found_));
  co_return core::result<void>{};
}

}  // namespace ordersync::app::tasks
