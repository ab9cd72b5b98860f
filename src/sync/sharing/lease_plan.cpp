#include "sync/sharing/lease_plan.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace ordersync::sync::sharing {
namespace {

// The live workers with what they hold, by id.
struct holder {
  const worker* who = nullptr;
  std::vector<std::string> accounts;  // ascending

  std::size_t load() const noexcept { return accounts.size(); }
  bool may_hold(const std::string& account) const {
    return std::binary_search(who->accounts.begin(), who->accounts.end(), account);
  }
};

class balance {
 public:
  balance(const std::string& self, const view& seen, const worker_watch& watch) : self_(self) {
    for (const auto& each : seen.workers)
      if (each.id == self || !watch.lost(each.id)) holders_[each.id].who = &each;
  }

  bool lives(const std::string& worker) const { return holders_.contains(worker); }
  void holds(const std::string& worker, const std::string& account) { holders_.at(worker).accounts.push_back(account); }

  // Gives it to whoever may hold it and holds least; null: nobody may.
  const std::string* place(const std::string& account) {
    holder* least = nullptr;
    for (auto& [id, each] : holders_)
      if (each.may_hold(account) && (!least || each.load() < least->load())) least = &each;
    if (!least) return nullptr;
    least->accounts.push_back(account);
    return &least->who->id;
  }

  bool may_hold(const std::string& account) const {
    const auto mine = holders_.find(self_);
    return mine != holders_.end() && mine->second.may_hold(account);
  }

  // What self gives away when all give to those who hold less.
  std::vector<std::string> given_by_self() {
    std::vector<std::string> given;
    while (const auto moved = move_one())
      if (moved->from == self_) given.push_back(moved->account);
    return given;
  }

 private:
  struct move {
    std::string from, account;
  };

  std::vector<holder*> by_load() {
    std::vector<holder*> sorted;
    for (auto& [id, each] : holders_) sorted.push_back(&each);
    std::ranges::stable_sort(sorted, {}, &holder::load);
    return sorted;
  }

  // From whoever holds most to whoever holds least and may have it.
  std::optional<move> move_one() {
    auto sorted = by_load();
    for (auto from = sorted.rbegin(); from != sorted.rend(); ++from) {
      for (auto* to : sorted) {
        if (to->load() + 1 >= (*from)->load()) break;
        auto& has = (*from)->accounts;
        const auto one = std::ranges::find_if(has, [&](const auto& account) { return to->may_hold(account); });
        if (one == has.end()) continue;
        move done{(*from)->who->id, *one};
        to->accounts.push_back(*one);
        has.erase(one);
        return done;
      }
    }
    return std::nullopt;
  }

  const std::string& self_;
  std::map<std::string, holder> holders_;
};

}  // namespace

lease_plan plan_leases(const std::string& self, const view& seen, const worker_watch& watch,
                       const std::set<std::string>& leaving) {
  lease_plan plan;
  balance among(self, seen, watch);
  std::vector<const lease*> loose;  // without an owner that lives, or soon
  for (const auto& each : seen.leases) {
    const bool leaves = each.owner == self && leaving.contains(each.account);
    if (leaves || each.owner.empty() || !among.lives(each.owner))
      loose.push_back(&each);
    else
      among.holds(each.owner, each.account);
  }
  bool all_placed = true;
  for (const auto* each : loose) {
    const auto* to = among.place(each->account);
    if (!to || leaving.contains(each->account)) continue;
    all_placed = false;
    const bool late = watch.ownerless(each->account) >= anybodys && among.may_hold(each->account);
    if (*to == self || late) plan.take.push_back(*each);
  }
  if (all_placed) plan.hand_over = among.given_by_self();
  return plan;
}

}  // namespace ordersync::sync::sharing
