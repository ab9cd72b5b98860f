#include "app/setup/key_place.hpp"

#include "config/load.hpp"
#include "config/problem.hpp"

#include <algorithm>

namespace ordersync::app::setup {

std::string problem_with(const configuration_files& files, const std::string& key, const std::string& what) {
  const auto text = key + ": " + what;
  const auto sources = sources_of(files);
  if (sources.has_value()) {
    const auto loaded = config::explain(*sources);
    if (loaded.has_value()) {
      const auto& values = loaded->values;
      const auto found = std::ranges::find(values, key, &config::effective_value::key);
      if (found != values.end() && found->at)
        return config::to_text(config::problem{config::origin_of(loaded->of, *found->at).name, *found->at, text});
    }
  }
  return files.text() + ": " + text;
}

}  // namespace ordersync::app::setup
