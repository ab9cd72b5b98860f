#include "config/keys.hpp"

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

const std::vector<key>& key_table() {
  static const auto table = all_keys();
  return table;
}

}  // namespace

std::string_view key::leaf() const noexcept {
  return path.substr(path.rfind('.') + 1);
}

std::string_view key::parent() const noexcept {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}

std::span<const key> keys() {
  return key_table();
}

std::vector<std::string_view> changed_keys(const settings& before, const settings& after) {
  std::vector<std::string_view> changed;
  for (const key& k : key_table()) {
    if (k.at.same != nullptr && !k.at.same(before, after)) changed.push_back(k.path);
  }
  return changed;
}

std::vector<std::string_view> words_of(const key& k) {
  std::vector<std::string_view> words;
  for (const choice& c : k.choices) words.push_back(c.word);
  return words;
}

std::vector<const key*> keys_below(std::string_view parent) {
  std::vector<const key*> below;
  for (const key& k : key_table()) {
    if (k.parent() == parent) below.push_back(&k);
  }
  return below;
}

}  // namespace ordersync::config
