#pragma once
// Whether the vendor's push messages come, and whether their signatures hold. Pure.

#include "app/doctor/report.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "store/push/messages.hpp"

#include <map>
#include <string>

namespace ordersync::app::doctor {

// "push", of an account for which push.listen is set.
check assess_push(const std::string& account, const core::result<store::push::push_figures>& push,
                  const std::map<std::string, store::push::refusal_figures>& refusals, core::instant now);

}  // namespace ordersync::app::doctor
