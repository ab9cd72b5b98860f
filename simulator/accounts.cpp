#include "accounts.hpp"

#include <cstddef>

namespace pandapon_sim {

std::string* secret_of(options& set, std::string_view key) {
  if (key == set.access_key) return &set.access_secret;
  for (account& other : set.behaves.more_accounts)
    if (other.key == key) return &other.secret;
  return nullptr;
}

void narrow_to_account(const options& set, std::string_view key, filter& wanted) {
  const auto& others = set.behaves.more_accounts;
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (others[i].key != key) continue;
    wanted.share = others[i].share;
    wanted.share_of = i;
  }
}

}  // namespace pandapon_sim
