#include "push/announce.hpp"

#include "accounts.hpp"
#include "push/message.hpp"
#include "random.hpp"

namespace pandapon_sim {
namespace {

void announce(world& w, const event& what) {
  w.pushes.add(what, 0);
  const auto& others = w.set.behaves.more_accounts;
  for (std::uint32_t i = 0; i < others.size(); ++i) {
    filter seen;
    narrow_to_account(w.set, others[i].key, seen);
    if (w.orders.in_share(what.which, seen)) w.pushes.add(what, i + 1);
  }
}

const std::string& secret(const world& w, std::uint32_t account) {
  return account == 0 ? w.set.access_secret : w.set.behaves.more_accounts.at(account - 1).secret;
}

}  // namespace

void announce_changes(world& w) {
  const auto& events = w.orders.events();
  if (!w.set.push.target) return;
  for (; w.announced < events.size(); ++w.announced) {
    const event& what = events[w.announced];
    if (what.what == happening::created || what.what == happening::changed) announce(w, what);
  }
}

void announce_some(world& w, std::int64_t count, epoch_ms now) {
  if (w.orders.known() == 0) return;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint64_t hash = dice(w.set.orders_from.seed, purpose::picking, ++w.picks, 6).next();
    const auto which = static_cast<entry>(hash % w.orders.known());
    announce(w, {now, which, w.orders.version(which), happening::changed, 0});
  }
}

push_request write_request(const world& w, const push_item& item) {
  if (item.verification) return {"{}", ""};
  const push_message text = write_push(w.orders, w.set.push, item.about);
  const std::string& right = secret(w, item.account);
  return {text.body, sign_push(w.set.push, text, item.wrong ? right + "?" : right)};
}

}  // namespace pandapon_sim
