#pragma once
// The examples of the two specifications, read from the Debian packages that carry them
// (scripts/install-deps): none of their text is in this repository. For tests. Throws
// std::runtime_error when a file is not there or not what it was.

#include <string>
#include <vector>

namespace devy::testing {

struct Example {
  int number = 0;  // in the specification, from 1
  std::string section, markdown, html;
};

struct Specification {
  std::string name;  // says which version of it
  std::vector<Example> examples;
};

// GitHub Flavored Markdown 0.29, which contains CommonMark 0.29: package cmark-gfm.
[[nodiscard]] Specification github_specification();
// The CommonMark of this Debian release: package golang-github-yuin-goldmark-dev.
[[nodiscard]] Specification commonmark_specification();

}  // namespace devy::testing
