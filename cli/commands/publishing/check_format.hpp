#pragma once
// The findings of `check` in the forms of others: annotations of GitHub's workflows, and
// SARIF 2.1.0, which GitHub's code scanning and many editors read. Pure.

#include <string>

#include "cli/terminal/json_output.hpp"
#include "core/publishing/upload/service.hpp"

namespace devy::cli {

// A line each: "::error file=a.md,line=1,col=2::message". `folder` stands before the paths, which
// have to be those of the repository; "." and a whole
// path stand for nothing.
[[nodiscard]] std::string github_annotations(const upload::CheckReport& report,
                                             const std::string& folder);
[[nodiscard]] Json sarif_document(const upload::CheckReport& report, const std::string& folder);

}  // namespace devy::cli
