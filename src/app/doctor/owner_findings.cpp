#include "app/doctor/owner_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>

namespace ordersync::app::doctor {
namespace {

// Another daemon takes an account within that.
constexpr std::chrono::seconds takeover{10};
constexpr std::size_t most_named = 5;

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string named(const std::vector<std::string>& accounts) {
  std::string text;
  for (std::size_t i = 0; i < std::min(accounts.size(), most_named); ++i) text += (i == 0 ? "" : ", ") + accounts[i];
  if (accounts.size() > most_named) text += fmt::format(" and {} more", accounts.size() - most_named);
  return text;
}

}  // namespace

check assess_workers(const std::vector<store::leadership::account_owner>& owners,
                     const std::vector<std::string>& accounts) {
  check one{.name = "workers", .failing = setup::exit_code::database};
  std::map<std::string, std::size_t> by_worker;
  std::vector<std::string> nobodys;
  for (const auto& account : accounts) {
    const auto at = std::ranges::find(owners, account, &store::leadership::account_owner::account);
    if (at == owners.end())
      nobodys.push_back(account);
    else if (!at->ownerless_for)
      ++by_worker[at->owner + " on " + at->host];
    else if (*at->ownerless_for > takeover)
      nobodys.push_back(account);
  }
  if (by_worker.empty()) {
    one.found = "no daemon works; ordersync run starts one";
    return one;
  }
  one.found = counted(by_worker.size(), "daemon") + ": ";
  for (const auto& [worker, count] : by_worker)
    one.found += fmt::format("{} works {}, ", worker, counted(count, "account"));
  one.found += nobodys.empty() ? "and each account has an owner" : "and these have no owner: " + named(nobodys);
  if (nobodys.empty()) return one;
  one.state = check_state::warning;
  one.cure = "start a daemon whose configuration has these accounts; the log of one that runs says why it takes none";
  return one;
}

}  // namespace ordersync::app::doctor
