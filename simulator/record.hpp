// What is kept of an order in memory: 16 bytes. Its text is made up from this and the seed whenever it is asked for.
#pragma once

#include "instant.hpp"

#include <cstdint>
#include <optional>

namespace pandapon_sim {

struct record {
  epoch_ms created = 0;
  std::uint32_t serial = 0;     // the how-manieth order of the catalogue; names it for ever
  std::uint16_t mutations = 0;  // steps of its life taken since the catalogue was made
  std::int8_t tb_offset_s = 0;  // tbCreateTime - createTime, either sign
};

/// What all orders of one catalogue are made up from.
struct recipe {
  std::uint64_t seed = 1;
  std::uint32_t oddities = 300;  // chance of an oddity in a nested field, in 1/10,000; scalars have a quarter of it
  std::uint32_t lines_max = 8;
  std::uint32_t users = 0;         // who order, each as often; 0: eight, some far more than others
  std::uint32_t odd_statuses = 0;  // orders in 10,000 whose status is one that nobody documents
  bool status_words = false;       // statuses are served as 1688's words
  // Orders in 10,000 of the past, which are those whose serial is below `past`, that begin in a status from 1 to 4; the
  // others begin in a final one. None: the mixture of a shop's month, for all orders.
  std::optional<std::uint32_t> open;
  std::uint32_t past = 0;
  epoch_ms until = 0;               // what happened to orders of the past had happened by then; 0: whenever
  std::uint32_t detail_thirds = 0;  // amounts in 10,000 of an order's detail that have a third decimal
  std::uint32_t detail_words = 0;   // orders in 10,000 whose status in the detail is a word that nobody documents
  bool detail_numbers = false;      // ids in the detail are numbers, as far as they can be
};

}  // namespace pandapon_sim
