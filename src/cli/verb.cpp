#include "cli/verb.hpp"

#include <fmt/format.h>

#include <charconv>

namespace ordersync::cli {

CLI::App* add_verb(CLI::App& to, const std::string& name, const std::string& help) {
  return to.add_subcommand(name, help);
}

CLI::Option* add_flag(CLI::App& to, const std::string& name, bool& given, const std::string& help) {
  return to.add_flag(name, given, help);
}

CLI::Option* add_option(CLI::App& to, const std::string& name, std::string& text, const std::string& help) {
  return to.add_option(name, text, help);
}

CLI::Option* add_id(CLI::App& verb, const std::string& option, std::int64_t& id, const std::string& help) {
  const auto problem = [](const std::string& text) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec == std::errc{} && read.ptr == end && number > 0) return std::string{};
    return fmt::format("'{}' is not an id: write a whole number from 1 on", text);
  };
  return verb.add_option(option, id, help)->type_name("ID")->check(CLI::Validator(problem, ""));
}

}  // namespace ordersync::cli
