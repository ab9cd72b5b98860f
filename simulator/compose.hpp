// Makes an order up from its record. Pure: the same recipe and record give the same order, word for word, so nothing of
// it has to be kept and a million orders fit in a few megabytes.
#pragma once

#include "lifecycle.hpp"
#include "order.hpp"
#include "record.hpp"

#include <cstdint>
#include <string>

namespace pandapon_sim {

order compose(const recipe& from, const record& of);

/// What the lines of an order have in common with it.
struct line_context {
  const recipe& from;
  const record& of;
  const standing& now;
  std::int64_t order_id;
  std::int64_t tb_order_id;
};

order_line compose_line(const line_context& context, std::uint32_t position);

/// 32 hex digits, as 1688 writes a specification's id.
std::string spec_id(std::uint64_t hash);

}  // namespace pandapon_sim
