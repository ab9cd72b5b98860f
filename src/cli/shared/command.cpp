#include "cli/shared/command.hpp"

#include "cli/text/output.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <utility>

namespace ordersync::cli::shared {
namespace {

CLI::Validator whole_number(const std::string& what, std::int64_t least) {
  const auto problem = [what, least](const std::string& given) {
    std::int64_t number = 0;
    const auto* end = given.data() + given.size();
    const auto read = std::from_chars(given.data(), end, number);
    if (read.ec == std::errc{} && read.ptr == end && number >= least) return std::string{};
    return fmt::format("'{}' is not {}: it must be {} to {}", text::shortened(given), what, least,
                       std::numeric_limits<std::int64_t>::max());
  };
  return {problem, ""};
}

}  // namespace

option option::required() const {
  of_->required();
  return *this;
}

option option::type_name(const std::string& name) const {
  of_->type_name(name);
  return *this;
}

option option::excludes(option other) const {
  of_->excludes(other.of_);
  return *this;
}

command command::add_subcommand(const std::string& name, const std::string& help) const {
  return command(*of_->add_subcommand(name, help));
}

option command::add_flag(const std::string& name, bool& given, const std::string& help) const {
  return option(*of_->add_flag(name, given, help));
}

option command::add_option(const std::string& name, std::string& text, const std::string& help) const {
  // A script's variable that is not set must not mean all accounts, or all times.
  const auto given = [](const std::string& value) {
    return value.empty() ? std::string{"it is empty; give a value, or leave the option out"} : std::string{};
  };
  return option(*of_->add_option(name, text, help)->check(given));
}

option command::add_options(const std::string& name, std::vector<std::string>& texts, const std::string& help) const {
  return option(*of_->add_option(name, texts, help));
}

option command::add_choice(const std::string& name, std::optional<std::string>& text, const std::string& help) const {
  const CLI::callback_t take = [&text](const CLI::results_t& given) {
    text = given.empty() || given.front() == "{}" || given.front() == "true" ? std::string{} : given.front();
    return true;
  };
  return option(*of_->add_option(name, take, help)->expected(0, 1));
}

option command::add_id(const std::string& name, std::int64_t& id, const std::string& help) const {
  return option(*of_->add_option(name, id, help)->type_name("ID")->check(whole_number("a valid number", 1)));
}

option command::add_number(const std::string& name, std::int64_t& number, const std::string& help) const {
  return option(*of_->add_option(name, number, help)->type_name("NUMBER")->check(whole_number("a number", 0)));
}

void command::footer(const std::string& text) const {
  of_->footer(text);
}

void command::require_subcommand() const {
  of_->require_subcommand(1);
}

void command::callback(std::function<void()> chosen) const {
  of_->callback(std::move(chosen));
}

}  // namespace ordersync::cli::shared
