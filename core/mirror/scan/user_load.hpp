#pragma once
// The repositories of a user or an organization, as GitHub lists them for everybody; or, in the
// user's own name, all that he sees there, with his rights in each.

#include <string>

#include "core/mirror/scan/handler.hpp"

namespace devy::scan {

// Reads the user and their repositories page by page, and ends the attempt. Where the operation
// adds or has children, a load of each repository is recorded with its page. Throws what Api and
// pg::Connection throw, Error(not_found, "mirror_user_unknown"), and Error(denied,
// "actor_is_another") when the token is not that user's.
void load_user(Handler::Work& work, const std::string& login);

}  // namespace devy::scan
