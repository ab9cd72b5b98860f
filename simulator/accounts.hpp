// Who may ask, and which orders they see. The first account, --access-key, sees all; each --account sees a share of
// them that is its own, so the shares of two overlap.
#pragma once

#include "catalogue.hpp"
#include "options.hpp"

#include <string>
#include <string_view>

namespace pandapon_sim {

/// The secret of an access-key, to be read or replaced; null if the key is unknown.
std::string* secret_of(options& set, std::string_view key);

/// Leaves out of `wanted` what the account does not see.
void narrow_to_account(const options& set, std::string_view key, filter& wanted);

}  // namespace pandapon_sim
