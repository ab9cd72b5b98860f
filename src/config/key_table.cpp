#include "config/key_table.hpp"

#include "config/key_sections.hpp"

namespace ordersync::config {
namespace {

// In the order of the reference.
constexpr auto sections = {api_keys,       account_keys, database_keys, sync_keys,  detail_keys,
                           retention_keys, push_keys,    service_keys,  alert_keys, log_keys};

std::vector<key> all_keys() {
  std::vector<key> table;
  for (const auto section : sections) {
    const auto keys = section();
    table.insert(table.end(), keys.begin(), keys.end());
  }
  return table;
}

}  // namespace

const std::vector<key>& key_table() {
  static const auto table = all_keys();
  return table;
}

}  // namespace ordersync::config
