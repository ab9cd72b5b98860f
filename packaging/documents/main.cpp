// `ordersync_documents DIRECTORY DATE` writes the manual pages and the completions into DIRECTORY. Run by the build.

#include "cli/command_line.hpp"
#include "cli/shared/version.hpp"
#include "documents.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

void write_all(const std::filesystem::path& directory, const std::string& date) {
  CLI::App app;
  ordersync::cli::shared::command_line line;
  ordersync::cli::describe(app, line);
  const packaging::verb program = packaging::tree_of(app);
  const packaging::edition which{date, ordersync::cli::shared::version()};
  write(directory / "ordersync.1", packaging::command_page(program, which));
  write(directory / "ordersync.yaml.5", packaging::configuration_page(which));
  write(directory / "ordersync.bash", packaging::bash_completion(program));
  write(directory / "ordersync.zsh", packaging::zsh_completion(program));
  write(directory / "ordersync.fish", packaging::fish_completion(program));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: ordersync_documents DIRECTORY DATE\n");
    return 2;
  }
  try {
    write_all(argv[1], argv[2]);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "ordersync_documents: %s\n", e.what());
    return 1;
  }
}
