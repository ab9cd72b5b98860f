// Links of the Markdown files: where they lead, and whether that is there. It knows the Markdown that the documents
// use:
// `[text](target)`, images, headings that begin with #. Reference links and HTML it does not see.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ordersync::house {

// The Markdown files below `root`, as paths below it, in the order of the alphabet. Hidden folders, `build` and
// `node_modules` are left out. Throws where a folder cannot be read.
std::vector<std::string> markdown_files(const std::filesystem::path& root);

// The targets of all links, in their order; none of those in code.
std::vector<std::string> links_in(const std::string& markdown);

// What the headings are linked by, as GitHub makes it: `### A gap, again` by `a-gap-again`.
std::set<std::string> anchors_in(const std::string& markdown);

// What is wrong with a link of the file `document`, a path below `root`. Links to other hosts are taken for right.
std::optional<std::string> fault_of_link(const std::filesystem::path& root, const std::filesystem::path& document,
                                         const std::string& target);

// One line a dead link: `FILE: link LINK: what is wrong`.
std::vector<std::string> dead_links(const std::filesystem::path& root);

}  // namespace ordersync::house
