// Makes an order up from its record. Pure: the same recipe and record give the same order, word for word, so nothing of
// it has to be kept and a million orders fit in a few megabytes.
#pragma once

#include "lifecycle.hpp"
#include "order.hpp"
#include "random.hpp"
#include "record.hpp"

namespace pandapon_sim {

order compose(const recipe& from, const record& of);

/// Decides how fields are dressed. Rolls anew with every mutation, so that a field which could not be read may be
/// readable later and the other way round.
class dresser {
 public:
  dresser(const recipe& from, const record& of, std::uint64_t which)
      : roll_(from.seed, purpose::guise, of.serial, mix(of.mutations, which)), rate_(from.oddities) {}

  /// A field without which the order could not be stored: another type at most.
  void key(number& n) { n.as = odd_scalar() ? guise::other_type : guise::plain; }
  void scalar(number& n);
  void scalar(text& t);
  void scalar(decimal& d);
  template <class... Fields>
  void scalars(Fields&... fields) {
    (scalar(fields), ...);
  }
  template <class Content>
  void nest(nested<Content>& field) {
    if (!odd_nested()) return;
    field.as = static_cast<nesting>(1 + roll_.below(7));
    field.damage = static_cast<std::uint8_t>(roll_.below(6));
  }
  bool odd_scalar() { return roll_.per_ten_thousand(rate_ / 4); }
  bool odd_nested() { return roll_.per_ten_thousand(rate_); }

 private:
  dice roll_;
  std::uint32_t rate_;
};

/// What the lines of an order have in common with it.
struct line_context {
  const recipe& from;
  const record& of;
  const standing& now;
  std::int64_t order_id;
  std::int64_t tb_order_id;
};

order_line compose_line(const line_context& context, std::uint32_t position);

/// `prefix` and 32 hex digits of it, as 1688 writes a specification's id.
std::string spec_id(std::uint64_t hash);

}  // namespace pandapon_sim
