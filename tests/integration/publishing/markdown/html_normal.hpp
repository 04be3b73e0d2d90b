#pragma once
// HTML in a normal form, so that two texts which mean the same compare equal: as the CommonMark
// specification's own normalize.py does it (attributes sorted, white space that a reader cannot see
// taken out, character references decoded), and as our sanitiser changes any HTML. For tests only;
// neither the product's code nor its parser is used here.

#include <string>
#include <string_view>

namespace devy::testing {

// As it stands, but for the ids that our headings have and the specification's have not.
[[nodiscard]] std::string normal_form(std::string_view html);

// What becomes of every HTML, whatever else is different:
// - comments, processing instructions, declarations and CDATA go;
// - a link to a scheme that may stay gets rel="nofollow ugc noopener";
// - other schemes lose the attribute, and so does a link to the page itself;
// - "#x" becomes "#user-content-x", and of a URL that names a file only that part remains: the
//   publish fills in the rest.
[[nodiscard]] std::string sanitised_normal_form(std::string_view html);

}  // namespace devy::testing
