#pragma once
// Where the values of keys live in the settings: how one is stored there, and whether two settings agree about it. A
// value of another type than the member's throws, so a key whose type does not fit its member cannot go unnoticed.

#include "config/keys.hpp"
#include "config/settings.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace ordersync::config::places {

template <class Target>
void assign(Target& target, value&& v) {
  if constexpr (std::is_integral_v<Target>) {
    target = static_cast<Target>(std::get<std::int64_t>(v));  // the range of every integer key fits its member
  } else {
    target = std::get<Target>(std::move(v));
  }
}

template <class T>
void assign(std::optional<T>& target, value&& v) {
  assign(target.emplace(), std::move(v));
}

template <class T>
bool same(const T& a, const T& b) {
  return a == b;
}
// Where in the file it stands does not matter.
inline bool same(const secret_reference& a, const secret_reference& b) {
  return a.text == b.text;
}

// at<&settings::sync, &sync_settings::rate> is s.sync.rate.
template <auto... Members>
inline constexpr place at = {
    .put = [](settings& s, value&& v) { assign((s.*....*Members), std::move(v)); },
    .same = [](const settings& a, const settings& b) { return same((a.*....*Members), (b.*....*Members)); },
};

template <class List, class Same>
bool same_elements(const List& a, const List& b, Same same) {
  return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin(), same);
}

template <auto Member>
inline constexpr place in_account = {
    .put = [](settings& s, value&& v) { assign(s.accounts.back().*Member, std::move(v)); },
    .same =
        [](const settings& a, const settings& b) {
          return same_elements(a.accounts, b.accounts,
                               [](const account& x, const account& y) { return same(x.*Member, y.*Member); });
        },
};

template <auto Member>
inline constexpr place in_tier = {
    .put = [](settings& s, value&& v) { assign(s.sync.revisit.back().*Member, std::move(v)); },
    .same =
        [](const settings& a, const settings& b) {
          return same_elements(a.sync.revisit, b.sync.revisit,
                               [](const revisit_tier& x, const revisit_tier& y) { return same(x.*Member, y.*Member); });
        },
};

template <auto Member>
inline constexpr place in_alert = {
    .put = [](settings& s, value&& v) { assign(s.alerts.back().*Member, std::move(v)); },
    .same =
        [](const settings& a, const settings& b) {
          return same_elements(a.alerts, b.alerts,
                               [](const alert& x, const alert& y) { return same(x.*Member, y.*Member); });
        },
};

inline constexpr place accounts = {
    .put = [](settings& s, value&& v) { s.accounts.emplace_back().at = std::get<location>(v); },
    .same = [](const settings& a, const settings& b) { return a.accounts.size() == b.accounts.size(); },
};

inline constexpr place alerts = {
    .put = [](settings& s, value&& v) { s.alerts.emplace_back().at = std::get<location>(v); },
    .same = [](const settings& a, const settings& b) { return a.alerts.size() == b.alerts.size(); },
};

inline constexpr place tiers = {
    .put = [](settings& s, value&&) { s.sync.revisit.emplace_back(); },
    .same = [](const settings& a, const settings& b) { return a.sync.revisit.size() == b.sync.revisit.size(); },
};

}  // namespace ordersync::config::places
