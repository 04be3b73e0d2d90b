#include "core/publishing/upload/warning_list.hpp"

namespace devy::upload {

std::vector<snapshot::FileError> all_warnings(const Tree& tree, const Rendering& rendering,
                                              const plan::PublishPlan& plan, const Linking& linking,
                                              const plan::Redirects& redirects,
                                              const Dating& dating) {
  auto warnings = tree.warnings;
  for (const auto* more : {&rendering.warnings, &plan.warnings, &linking.warnings(),
                           &redirects.warnings, &dating.warnings})
    warnings.insert(warnings.end(), more->begin(), more->end());
  return warnings;
}

}  // namespace devy::upload
