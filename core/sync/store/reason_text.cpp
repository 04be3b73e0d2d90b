#include <array>

#include "core/sync/store/connection_store.hpp"

namespace devy::sync {
namespace {

struct Reason {
  const char* code;
  const char* message;
  const char* hint;
};
constexpr std::array reasons{
    Reason{"disconnected_by_person", "somebody disconnected it", "Connect it again."},
    Reason{"export_unconfirmed", "tasks of the project are about to become issues",
           "Approve it when the number is right, or connect it with export none."},
    Reason{"mass_delete", "many issues or comments were deleted at GitHub within ten minutes",
           "Look at what was deleted, then approve it."},
    Reason{"permission_missing", "the GitHub App may not write issues there",
           "An owner of the account accepts the permission at GitHub."},
    Reason{"no_push_access", "whoever connected it may not push to the repository",
           "Somebody who may push connects it again."},
    Reason{"no_github_account", "whoever connected it is not known at GitHub",
           "He logs in with GitHub once, then connects it again."},
    Reason{"repository_unknown", "GitHub does not show the repository",
           "Install the GitHub App on it, or name it in github.token_for."},
    Reason{"issues_off", "the repository has no issues",
           "Switch issues on in its settings at GitHub, then approve it."},
    Reason{"archived", "the repository is archived, so that nothing can be written there",
           "Unarchive it at GitHub, then approve it."},
    Reason{"load_failed", "the mirror could not load the repository",
           "`devy-upload list --kind mirror_scan --state failed` says why; then approve it."},
    Reason{"credentials", "GitHub does not accept the credential",
           "Check github.token_file, or the App's key, then approve it."},
    Reason{"permission", "GitHub does not let the credential write there",
           "Give it the right to write issues, then approve it."},
    Reason{"installation_suspended", "the GitHub App is suspended there",
           "It goes on by itself when an owner of the account lifts that at GitHub."},
    Reason{"installation_removed", "the GitHub App was removed from the account",
           "It goes on by itself when the App is installed again."},
    Reason{"repository_removed", "the GitHub App was removed from the repository",
           "It goes on by itself when the repository is added to the App again."},
    Reason{"repository_deleted", "the repository was deleted at GitHub", ""},
    Reason{"access_lost", "the repository cannot be seen any more",
           "Give the App or the token access again, then connect it again."},
};

}  // namespace

ReasonText explain_reason(const std::string& reason) {
  for (const auto& known : reasons)
    if (reason == known.code) return {known.message, known.hint};
  return {reason, ""};
}

}  // namespace devy::sync
