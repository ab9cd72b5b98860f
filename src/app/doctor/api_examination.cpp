#include "app/doctor/api_examination.hpp"

#include "app/doctor/detail_findings.hpp"
#include "app/doctor/findings.hpp"
#include "app/doctor/way_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ordersync::app::doctor {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

// Beyond this the API may have refused a request for its time alone.
constexpr std::chrono::seconds doubtful_clock{300};

pandapon::timestamp_unit other(pandapon::timestamp_unit unit) {
  return unit == pandapon::timestamp_unit::seconds ? pandapon::timestamp_unit::milliseconds
                                                   : pandapon::timestamp_unit::seconds;
}

const char* name(pandapon::timestamp_unit unit) {
  return unit == pandapon::timestamp_unit::seconds ? "s" : "ms";
}

pandapon::exact_range long_ago(const pandapon::exact_range& range) {
  const auto end = range.end - 48h;
  return {end - 60s, end};
}

// What stands in the way when it is not the API that answers.
const char* cure_of_answer(const core::error& why) {
  const auto says = [&](std::string_view words) { return why.what.find(words) != std::string::npos; };
  if (says("is encoded with"))
    return "make the API, or the proxy or CDN in front of it, respect Accept-Encoding: identity, or bypass that proxy";
  if (says("web page"))
    return "a firewall, browser check, login page or proxy answers instead of the API: have this machine's requests "
           "let through, and check the host in api.base_url";
  if (why.kind == core::failure::unusable_reply)
    return "check api.base_url and api.path; doctor tried every setting of api.unused_filters; if it persists, ask the "
           "vendor";
  return "if the vendor is down, wait; otherwise check api.base_url and any proxy or firewall in between";
}

bool failed_as(const client::page& answer, core::failure kind) {
  return answer.has_error() && answer.error().kind == kind;
}

}  // namespace

api_examination::api_examination(const asio::any_io_executor& executor, const config::settings& settings,
                                 api_secrets secrets, stored_orders stored, core::log& log, report_writer& notes)
    : settings_(settings),
      secrets_(std::move(secrets.accounts)),
      stored_(std::move(stored)),
      notes_(notes),
      api_(executor, settings, std::move(secrets.proxy_password), log, notes),
      trials_(api_, settings, notes),
      evidence_(api_, settings, notes) {}

asio::awaitable<void> api_examination::perform() {
  const bool reached = co_await reach();
  if (!reached) co_return;
  const auto& accounts = settings_.accounts;
  for (std::size_t i = 0; i < accounts.size() && !api_.stopping(); ++i) {
    if (secrets_[i] && (answered_ || api_.account.empty())) {
      co_await meet(i);
      continue;
    }
    notes_.add(check{.name = "credentials",
                     .account = accounts[i].name,
                     .state = check_state::skipped,
                     .found = secrets_[i] ? "the API does not answer correctly" : "the secret cannot be read"});
  }
  if (api_.stopping()) co_return;
  if (api_.account.empty()) notes_.skip({"api", "clock"}, "no account's secret could be read");
  add_unit();
  if (!subject_) {
    notes_.skip(trial_names, "no account's credentials were accepted");
    notes_.skip(evidence_names, "no account's credentials were accepted");
    co_return;
  }
  become(*subject_);
  co_await trials_.perform();
  co_await try_accounts();
}

// In the way that was found to be right.
asio::awaitable<void> api_examination::try_accounts() {
  for (const auto& [account, has_orders] : accepted_) {
    if (api_.stopping()) co_return;
    become(account);
    auto stored = stored_[settings_.accounts[account].name];
    co_await evidence_.perform(std::move(stored), has_orders);
    if (settings_.details.enabled && !api_.stopping()) co_await try_details(settings_.accounts[account].name);
  }
}

// By the newest of the orders that are known.
asio::awaitable<void> api_examination::try_details(const std::string& account) {
  const auto& stored = stored_[account];
  const auto newest = std::ranges::max_element(stored, {}, [](const auto& order) { return order.created.begin; });
  if (newest == stored.end()) co_return notes_.add(assess_details(account, std::nullopt));
  auto number = newest->tb_order_id;
  auto trying = api_.try_detail(std::move(number));
  const auto tried = co_await std::move(trying);
  if (!api_.stopping()) notes_.add(assess_details(account, tried));
}

// Up to the point where something could be asked.
asio::awaitable<bool> api_examination::reach() {
  const auto give_up = [this](const std::string& because) {
    notes_.skip({"api", "clock", "credentials", "timestamp_unit"}, because);
    notes_.skip(trial_names, because);
    notes_.skip(evidence_names, because);
    return false;
  };
  notes_.add(assess_proxy(settings_.api));
  if (api_.probe().has_error()) {
    notes_.skip({"dns"}, "TLS could not be initialized");
    notes_.add(assess_tls(api_.probe().error(), settings_.api, {}));
    co_return give_up("TLS could not be initialized");
  }
  const auto timeout = settings_.api.request_timeout;
  const auto& probe = *api_.probe();
  const auto found = co_await probe->addresses(steady_clock::now() + timeout);
  if (api_.stopping()) co_return false;
  notes_.add(assess_addresses(settings_.api, found, name_servers_of_machine()));
  if (found.has_error()) {
    notes_.skip({"tls"}, "the host has no address");
    co_return give_up("the host has no address");
  }
  const auto facts = co_await probe->shake_hands(steady_clock::now() + timeout);
  if (api_.stopping()) co_return false;
  notes_.add(assess_tls(facts, settings_.api, std::chrono::floor<std::chrono::seconds>(api_.now())));
  if (facts.has_error()) co_return give_up("no trusted connection");
  co_return true;
}

// Asks, and where that is refused once more in each other way that may be meant.
asio::awaitable<api_examination::page> api_examination::find_way_in(const pandapon::probe_question& question) {
  const bool knew_clock = api_.ahead().has_value();
  auto answer = co_await api_.ask(question);
  const bool clock_is_off = !knew_clock && std::chrono::abs(api_.ahead().value_or(0s)) >= doubtful_clock;
  if (failed_as(answer, core::failure::refused) && clock_is_off) answer = co_await api_.ask(question);
  if (failed_as(answer, core::failure::refused) && !subject_) {
    api_.style.unit = other(api_.style.unit);
    auto again = co_await api_.ask(question);
    if (again.has_value() || failed_as(again, core::failure::unusable_reply))
      answer = std::move(again);
    else
      api_.style.unit = other(api_.style.unit);
  }
  const auto usual = api_.style.unused;
  for (const auto how :
       {pandapon::unused_filters::omit, pandapon::unused_filters::null, pandapon::unused_filters::empty}) {
    if (!failed_as(answer, core::failure::unusable_reply) || how == usual) continue;
    api_.style.unused = how;
    auto again = co_await api_.ask(question);
    if (again.has_value())
      answer = std::move(again);
    else
      api_.style.unused = usual;
  }
  if (!failed_as(answer, core::failure::unusable_reply)) co_return answer;
  // What is refused may be the length of the range, its end so near to now, or the size of the page.
  const auto small = co_await api_.ask({.range = long_ago(question.range), .page_size = 1});
  if (small.has_error()) co_return answer;
  refusal_ = answer.error().what;
  co_return small;
}

void api_examination::become(std::size_t account) {
  const auto& of = settings_.accounts[account];
  api_.who = {of.access_key, *secrets_[account], of.user_id};
  api_.account = of.name;
  api_.style.user_id_list = of.user_id_list;
}

asio::awaitable<void> api_examination::meet(std::size_t account) {
  become(account);
  // What is younger is left alone: it may not be listed yet.
  const auto settle =
      std::max<std::chrono::seconds>(60s, std::chrono::ceil<std::chrono::seconds>(settings_.sync.live.settle));
  const auto end = api_.server_now() - settle;
  const pandapon::exact_range range{end - 24h, end};
  const pandapon::probe_question question{.range = range, .page_size = probes::sample_size};
  const auto begun = steady_clock::now();
  refusal_.clear();
  const auto answer = co_await find_way_in(question);
  if (api_.stopping()) co_return;
  if (!answered_) add_answer(answer, steady_clock::now() - begun);
  add_credentials(settings_.accounts[account].name, answer);
  if (answer.has_error()) co_return;
  accepted_.emplace_back(account, answer->total > 0);
  if (trials_.has_orders()) co_return;
  const auto shown = refusal_.empty() ? range : long_ago(range);
  co_await trials_.gather(shown, *answer);
  accepted_.back().second = trials_.has_orders();
  if (trials_.has_orders() || !subject_) subject_ = account;
}

void api_examination::add_answer(const page& first, steady_clock::duration took) {
  answered_ = first.has_value() || failed_as(first, core::failure::refused);
  check one{.name = "api", .failing = setup::exit_code::api};
  if (answered_) {
    const auto each =
        std::chrono::duration_cast<std::chrono::milliseconds>(took) / std::max<std::int64_t>(1, notes_.report.calls);
    one.found = fmt::format("answers within {} ms", each.count());
    if (!refusal_.empty()) {
      one.state = check_state::warning;
      one.found += "; the API refuses the last 24 h in one page, but not one minute two days ago: " + refusal_;
      one.cure = "see near_now, long_ranges and page_size below";
    }
  } else {
    one.state = check_state::failed;
    one.found = first.error().what;
    one.cure = cure_of_answer(first.error());
  }
  notes_.add(std::move(one));
  notes_.add(assess_clock(api_.ahead(), api_.date_off()));
}

void api_examination::add_credentials(const std::string& account, const page& first) {
  check one{.name = "credentials", .account = account, .failing = setup::exit_code::refused};
  if (first.has_value()) {
    one.found = refusal_.empty() ? fmt::format("accepted; {} orders in the last 24 h", first->total) : "accepted";
  } else if (failed_as(first, core::failure::refused)) {
    one.state = check_state::failed;
    one.found = first.error().what;
    one.cure =
        "compare access_key, user_id and the secret's file with the vendor's console; resetting a secret there makes "
        "the old one invalid at once";
  } else {
    one.state = check_state::unknown;
    one.found = answered_ ? first.error().what : std::string{"the API does not answer correctly"};
    one.cure = "run doctor again when the API answers";
  }
  notes_.add(std::move(one));
}

void api_examination::add_unit() {
  check one{.name = "timestamp_unit", .failing = setup::exit_code::usage};
  if (!subject_) {
    one.state = check_state::unknown;
    one.found = "no account's credentials were accepted";
    one.cure = "fix the failures above first";
    return notes_.add(std::move(one));
  }
  const auto configured = settings_.api.timestamp_unit;
  one.found = fmt::format("the API accepts {}", name(api_.style.unit));
  if (api_.style.unit == configured) return notes_.add(std::move(one));
  one.state = check_state::failed;
  one.found += fmt::format(" and refuses {}", name(configured));
  one.cure = "set api.timestamp_unit";
  notes_.add(finding{one, {{"api.timestamp_unit", name(api_.style.unit), "the other unit is refused"}}});
}

}  // namespace ordersync::app::doctor
