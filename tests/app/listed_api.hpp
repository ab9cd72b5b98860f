// An API that shows the orders it is given, by creation time, status and page, and answers when it is asked.
//
// One I/O thread. Outlives the sources that are made of it.
#pragma once

#include "app/setup/wiring.hpp"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace ordersync::app::testing {

class listed_api {
 public:
  std::map<std::int64_t, core::order> orders;  // by id
  std::vector<sync::page_request> asked;
  // Called before each answer; what it returns is the answer.
  std::function<std::optional<core::error>(const sync::page_request&)> fails;

  // For whoever asks the API.
  setup::source_maker maker();
  void add(const std::vector<core::order>& more);

 private:
  class source;
  core::result<sync::page> answer(const sync::page_request& request, core::instant observed_at);
  sync::page find(const std::string& number, const sync::page_request& request, core::instant observed_at) const;
  static sync::page page_of(std::vector<core::order> found, const sync::page_request& request,
                            core::instant observed_at);
};

// An order of its own number and content, created so many seconds after store_test::at(0).
core::order numbered(std::int64_t id, std::int64_t status, core::second created);

// A configuration of one account, "main", whose orders begin at `start`. Nothing in it is read from a file.
setup::configuration configuration_of(core::second start);

}  // namespace ordersync::app::testing
