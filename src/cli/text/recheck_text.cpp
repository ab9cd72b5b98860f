#include "cli/text/recheck_text.hpp"

#include "app/setup/spoken.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

namespace ordersync::cli::text {

namespace {

using std::chrono::seconds;
using store::recheck::check_report;
using store::recheck::check_state;

// A daemon that leads, and can write, reports several times in so long.
constexpr seconds longest_silence{90};
constexpr std::size_t most_shown = 3;

// How often a window is checked against how often it should be: 1 is just in time.
double lateness(const check_report& check) {
  if (!check.period || check.every <= seconds{0}) return 0;
  return std::chrono::duration<double>(*check.period) / check.every;
}

bool is_better_off(const check_report& a, const check_report& b) {
  const auto rank = [](const check_report& each) {
    return std::tuple(each.state == check_state::unusable, each.state == check_state::untried, lateness(each));
  };
  return rank(a) < rank(b);
}

std::string relied_on(const check_report& check, core::instant now) {
  auto text = fmt::format("{}, proven orders under {} old: ", check.account, app::setup::spoken(check.younger_than));
  if (!check.oldest_checked_at)
    text += "the first round is under way";
  else
    text += fmt::format("statuses as of {} ago", app::setup::spoken(std::chrono::floor<seconds>(std::max(
                                                     core::instant::duration{0}, now - *check.oldest_checked_at))));
  if (lateness(check) > 1.5)
    text += fmt::format("; every {} instead of every {}, because sync.recheck.share does not allow more",
                        app::setup::spoken(*check.period), app::setup::spoken(check.every));
  else
    text += fmt::format(" (target: every {})", app::setup::spoken(check.every));
  if (!check.reason.empty()) text += "; not checked at the moment: " + check.reason;
  if (check.changes > 0) text += fmt::format("; {} changes found", check.changes);
  return text;
}

std::string about(const check_report& check, core::instant now) {
  if (check.state == check_state::unusable)
    return fmt::format(
        "{}: not possible, because the API's counts by status are unusable: {}; revisits alone find changes",
        check.account, check.reason);
  if (check.state == check_state::untried)
    return fmt::format("{}: not begun{}{}", check.account, check.reason.empty() ? "" : ": ", check.reason);
  return relied_on(check, now);
}

}  // namespace

std::vector<std::string> recheck_texts(std::vector<check_report> checks, core::instant now) {
  std::ranges::stable_sort(checks, [](const check_report& a, const check_report& b) { return is_better_off(b, a); });
  std::vector<std::string> texts;
  for (const auto& check : checks) {
    if (texts.size() == most_shown) break;
    auto text = about(check, now);
    if (now - check.updated_at > longest_silence)
      text += fmt::format(", measured {} ago", app::setup::spoken(std::chrono::floor<seconds>(now - check.updated_at)));
    texts.push_back(std::move(text));
  }
  const auto others = checks.size() - texts.size();
  if (others > 0) texts.back() += fmt::format("; the other {} are not behind these", others);
  return texts;
}

}  // namespace ordersync::cli::text
