#include "accounts.hpp"
#include "answer.hpp"
#include "api.hpp"
#include "push/announce.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace pandapon_sim {
namespace {

reply plain(unsigned status, std::string body) {
  reply out;
  out.status = status;
  out.body = std::move(body);
  return out;
}

/// `n=17` of a query string, 1 if there is none.
std::int64_t count_of(std::string_view query) {
  std::int64_t n = 1;
  if (query.starts_with("n=")) std::from_chars(query.data() + 2, query.data() + query.size(), n);
  return n;
}

/// Ids parted by anything that is no digit.
std::vector<std::int64_t> ids_of(std::string_view text) {
  std::vector<std::int64_t> out;
  for (const char* at = text.data(); at != text.data() + text.size();) {
    std::int64_t id = 0;
    const auto read = std::from_chars(at, text.data() + text.size(), id);
    if (read.ec == std::errc{}) out.push_back(id);
    at = read.ec == std::errc{} ? read.ptr : at + 1;
  }
  return out;
}

/// Does `what` with every order that is named. 404 if there is one that is not known; the others are done all the same.
template <class What>
reply with_each(const world& w, const std::string& ids, What what) {
  std::size_t known = 0;
  const auto all = ids_of(ids);
  for (const std::int64_t id : all) known += what(id) ? 1U : 0U;
  if (known < all.size() || all.empty()) return envelope(404, 40400, "no such order", w.stats.requests);
  return plain(200, "{}\n");
}

/// None: the path is not about single orders.
std::optional<reply> show_or_hide(world& w, const request& asked, epoch_ms now) {
  if (asked.path == "/_vanish")
    return with_each(w, asked.body, [&](std::int64_t id) { return w.orders.vanish(id, now); });
  if (asked.path == "/_return")
    return with_each(w, asked.body, [&](std::int64_t id) { return w.orders.come_back(id, now); });
  if (asked.path == "/_hide" || asked.path == "/_unhide")
    return with_each(w, asked.body, [&](std::int64_t id) { return w.orders.hide(id, asked.path == "/_hide"); });
  return std::nullopt;
}

/// The request numbers of the new plan begin at 1 again.
reply replace_faults(world& w, const std::string& text) {
  try {
    w.faults = fault_plan::parse(text);
  } catch (const std::runtime_error& error) {
    return envelope(400, 40000, error.what(), w.stats.requests);
  }
  w.page_requests = w.detail_requests = 0;
  return plain(200, "{}\n");
}

/// Of the account that `access-key=K` names, or of the first.
reply replace_secret(world& w, const request& asked) {
  constexpr std::string_view name = "access-key=";
  const bool named = asked.query.starts_with(name);
  std::string* secret = secret_of(w.set, named ? std::string_view(asked.query).substr(name.size()) : w.set.access_key);
  if (secret == nullptr) return envelope(404, 40400, "no such access-key", w.stats.requests);
  *secret = asked.body;
  return plain(200, "{}\n");
}

/// None: the path is not about push messages.
std::optional<reply> push(world& w, const request& asked, epoch_ms now) {
  if (asked.path != "/_push" && asked.path != "/_verify") return std::nullopt;
  if (!w.set.push.target) return envelope(400, 40000, "needs --push", w.stats.requests);
  if (asked.path == "/_push") {
    announce_some(w, count_of(asked.query), now);
  } else {
    w.pushes.add_verification(now);
  }
  return plain(200, "{}\n");
}

present state_of(const world& w, epoch_ms now) {
  const auto left = std::max<std::int64_t>(0, last_change_ms(w.set.behaves) - w.at(now).running_ms);
  return {w.orders.size(), w.orders.added(), w.orders.mutated(), left, w.pushes.counters()};
}

}  // namespace

reply handle_control(world& w, const request& asked, epoch_ms now) {
  const bool get = asked.method == "GET";
  if (get && asked.path == "/_stats") return plain(200, describe(w.stats, state_of(w, now)) + "\n");
  if (get || asked.method != "POST") return envelope(404, 40400, "no such path", w.stats.requests);
  if (asked.path == "/_faults") return replace_faults(w, asked.body);
  if (auto shown = show_or_hide(w, asked, now)) return *std::move(shown);
  if (auto pushed = push(w, asked, now)) return *std::move(pushed);
  if (asked.path == "/_freeze" || asked.path == "/_thaw") {
    w.frozen = asked.path == "/_freeze";
  } else if (asked.path == "/_add") {
    for (std::int64_t i = count_of(asked.query); i > 0; --i) w.orders.add(now / 1000 * 1000, now);
  } else if (asked.path == "/_mutate") {
    for (std::int64_t i = count_of(asked.query); i > 0; --i) change_one(w, now);
  } else if (asked.path == "/_secret") {
    return replace_secret(w, asked);
  } else {
    return envelope(404, 40400, "no such path", w.stats.requests);
  }
  return plain(200, "{}\n");
}

}  // namespace pandapon_sim
