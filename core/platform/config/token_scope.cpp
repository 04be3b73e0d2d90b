#include "core/platform/config/token_scope.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"

namespace devy::config {

bool is_token_scope(std::string_view text) {
  constexpr std::size_t bytes_max = 1024;
  return !text.empty() && text.size() <= bytes_max && base::is_word_of(text, "-_./") &&
         text.front() != '/' && text.back() != '/' && !text.ends_with(".git");
}

bool is_in_token_scope(std::span<const std::string> scopes, std::string_view repository) {
  return std::ranges::any_of(scopes, [&](const std::string& scope) {
    const auto rest = repository.substr(std::min(scope.size(), repository.size()));
    return base::is_same_word(repository.substr(0, scope.size()), scope) &&
           (rest.empty() || rest.front() == '/');
  });
}

}  // namespace devy::config
