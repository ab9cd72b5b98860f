// Which of the orders that match a request are shown, in which rows, and what the page says about their number.
#pragma once

#include "api.hpp"

#include <cstdint>
#include <vector>

namespace pandapon_sim {

/// One row of a page.
struct row {
  entry which = 0;
  bool older = false;  // the order as it was one status ago
};

/// `asked.wanted`, narrowed by what is hidden at this moment.
filter visible(const listing_rules& rules, const query& asked, const moment& at);

/// Where a page begins and how many orders it holds; `missing` of them are left out at its end.
struct page_place {
  std::uint32_t number = 1;
  std::uint32_t size = 1;
  std::size_t missing = 0;
};

struct page_rows {
  std::vector<row> here;
  std::int64_t total = 0;
};

/// The page at `at` of `all`, which the cap shortens.
page_rows list_page(const world& w, std::vector<entry>& all, page_place at);

}  // namespace pandapon_sim
