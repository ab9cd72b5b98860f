#pragma once
// One worker's part in the sharing of accounts and rate: takes what a look has read, returns what to do, and knows what
// it holds. A thin coroutine performs it. Pure. One thread.
//
// The order within a look: saw(), then took() with what could be taken, then the gate gets usable(), then each of
// wishes() is written and handed to granted(), and the gate gets usable() again.

#include "sync/sharing/lease_plan.hpp"
#include "sync/sharing/rate_slices.hpp"
#include "sync/sharing/sharing.hpp"
#include "sync/sharing/worker_watch.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ordersync::sync::sharing {

struct sharing_step {
  std::vector<lease> take;             // under the next epoch, if it still has this one
  std::vector<std::string> lost;       // held until now; their work ends, nothing is to be released
  std::vector<std::string> begin;      // held from now on without being taken: the answer to a take was lost
  std::vector<std::string> hand_over;  // their work ends, then they are released: see released()
  std::vector<lease> give_back;        // taken while a reload removed the account: released at once
};

struct usable_rate {
  double per_second = 0;  // 0: nothing may leave
  time_point until{};
  int sharers = 1;  // workers that share the rate, this one among them
};

class account_sharing {
 public:
  // `key_groups`: of each account of the configuration. `per_second`: of each access key. `watch`: what was seen of the
  // others before, under another configuration.
  account_sharing(std::string self, std::map<std::string, std::string> key_groups, double per_second,
                  worker_watch watch = {});

  sharing_step saw(const view& seen);
  // With their new epochs.
  void took(const std::vector<lease>& leases);
  // Its work has ended and the lease was given back, or the work of a lost one.
  void released(const std::string& account);

  std::vector<slice_wish> wishes() const;
  void granted(const std::string& key_group, double per_second, std::int64_t number, time_point asked);
  // The least of the access keys that self holds accounts of.
  usable_rate usable() const;

  const std::map<std::string, std::int64_t>& held() const noexcept { return held_; }  // epochs by account
  const std::set<std::string>& leaving() const noexcept { return leaving_; }
  const worker_watch& watch() const noexcept { return watch_; }

 private:
  void share_rate();
  int held_in(const std::string& key_group) const;
  int sharers_of(const std::string& key_group) const;

  std::string self_;
  std::map<std::string, std::string> key_groups_;
  std::map<std::string, std::int64_t> held_;
  std::set<std::string> leaving_;  // of those held
  worker_watch watch_;
  std::map<std::string, rate_slice> slices_;
  view seen_;
};

}  // namespace ordersync::sync::sharing
