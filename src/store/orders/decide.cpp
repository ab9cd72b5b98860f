#include "store/orders/decide.hpp"

#include <algorithm>

namespace ordersync::store::orders {
namespace {

constexpr std::chrono::minutes pad{1};

bool may_have_seen(const stored_read& read, const core::order& order, const std::string& owner) {
  if (read.account != owner && !read.of_others) return false;
  if (!order.created_at && !order.tb_created_at) return true;
  const core::window wide{read.range.begin - pad, read.range.end + pad};
  return (order.created_at && wide.contains(*order.created_at)) ||
         (order.tb_created_at && wide.contains(*order.tb_created_at));
}

}  // namespace

verdict decide(const core::order& order, const stored_order* held, const std::string& account,
               const std::vector<std::string>& configured_accounts) {
  if (held == nullptr) return verdict::create;
  const bool configured = std::ranges::find(configured_accounts, held->account) != configured_accounts.end();
  const bool moves = held->account != account && (held->vanished || !configured);
  const bool same = held->content_hash == order.content_hash;
  if (same && !held->vanished && !moves) return verdict::unchanged;
  if (order.observed_at < held->observed_at) return same ? verdict::unchanged : verdict::outdated;
  return moves ? verdict::adopt : verdict::change;
}

bool overtaken(const core::order& order, const std::string& owner, const std::vector<stored_read>& reads) {
  return std::ranges::any_of(reads, [&](const stored_read& read) {
    if (read.apart && !read.apart->contains(order.id)) return false;
    return order.observed_at < read.finished_at && may_have_seen(read, order, owner);
  });
}

}  // namespace ordersync::store::orders
