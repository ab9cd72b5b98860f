#include "config/problem.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace ordersync::config {

std::string to_text(const problem& p) {
  if (p.at.line == 0) return fmt::format("{}: {}", p.file, p.text);
  return fmt::format("{}:{}:{}: {}", p.file, p.at.line, p.at.column, p.text);
}

std::string to_text(const std::vector<problem>& problems) {
  std::string lines;
  for (const problem& p : problems) lines += to_text(p) + '\n';
  return lines;
}

void throw_exception_from_error(const std::vector<problem>& problems, const boost::source_location& /*where*/) {
  throw std::logic_error("value() of a configuration with problems:\n" + to_text(problems));
}

}  // namespace ordersync::config
