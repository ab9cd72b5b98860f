#pragma once
// Whether the vendor's push messages come, and whether their signatures hold. Pure.

#include "app/doctor/report.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "store/push/messages.hpp"

#include <map>
#include <optional>
#include <string>

namespace ordersync::app::doctor {

// What came to push.listen, for all accounts together: nobody knows whose a message is that no secret signs.
struct arrivals {
  std::optional<core::instant> latest_at;  // of a message that was accepted
  std::map<std::string, store::push::refusal_figures> refusals;
};

// "push", of an account for which push.listen is set.
check assess_push(const std::string& account, const core::result<store::push::push_figures>& push,
                  const arrivals& of_all, core::instant now);

}  // namespace ordersync::app::doctor
