// A real reply of the vendor, taken apart into its orders so that each can be served again byte for byte.
#pragma once

#include "instant.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pandapon_sim {

struct sample_order {
  std::string raw;  // the order's JSON object, untouched
  std::int64_t id = 0;
  std::int64_t status = 0;
  epoch_ms created = 0;
  epoch_ms tb_created = 0;
  std::string tb_order_id;
  std::string user_id;
};

/// The orders of a reply `{"total":..,"data":[...],"code":200}`. Throws std::runtime_error that says what is missing.
std::vector<sample_order> read_sample(std::string_view reply);

}  // namespace pandapon_sim
