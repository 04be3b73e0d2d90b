#pragma once
// Names behind an @ ("@alice") in texts that go to GitHub: nobody there is told because somebody
// here wrote his name, unless the text at GitHub names him already, or an account here is linked
// with his. A name that tells nobody gets a zero width space behind its @; that of a linked account
// becomes "@login<!--@name-->". Private to this folder. Pure; any thread.

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace devy::record {

// `linked`: names here, in lower case, → logins at GitHub. `former` is the text as GitHub has it.
[[nodiscard]] std::string with_mentions(std::string_view text,
                                        const std::map<std::string, std::string>& linked,
                                        std::string_view former);
// The text again, whatever it was.
[[nodiscard]] std::string without_mentions(std::string_view text);

// The names that a text mentions, in lower case.
[[nodiscard]] std::set<std::string> mentioned(std::string_view text);

}  // namespace devy::record
