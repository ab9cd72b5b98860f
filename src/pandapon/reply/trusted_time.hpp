#pragma once
// What time it is for certain, by a reply's Date header and this machine's clock. Pure; any thread.
//
// The API takes no request that is signed more than 600 s off its own clock. So one that it took shows that both
// clocks agree within that, and a Date further off is somebody else's: a proxy's, a cache's, a server's that only
// answers. And what is later than now by either clock is not proven.

#include "core/time.hpp"

#include <chrono>
#include <optional>

namespace ordersync::pandapon::reply {

// What the API accepts, and how long a request and its reply may be on their way.
constexpr std::chrono::seconds furthest_trusted_date{600 + 60};

struct trusted_time {
  core::second server_time{};                      // no later than either clock says
  std::optional<std::chrono::seconds> date_off{};  // how far Date is ahead of here, where it is not trusted
};

// `local` is this machine's wall clock when the reply had come, of a request that was accepted. Without a Date the
// local clock is all there is.
trusted_time trusted_time_of(std::optional<core::second> date, core::instant local);

}  // namespace ordersync::pandapon::reply
