#pragma once
// Derives slugs and other names from a file's path (content.md, "Slug"). Pure; any thread.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace devy::post {

inline constexpr std::size_t slug_bytes_max = 200;

// Unicode letters and numbers stay (NFC, lower case), '+' and '#' beside letters become the words
// "plus" and "sharp" ("C++" gives "c-plus-plus"), runs of everything else become one '-'; '/'
// separates parts, each slugified. Never empty ("post" when nothing is left), at most
// slug_bytes_max: a longer one is cut at a character and ends with a digest of the whole.
//
// A slug contains no '.' and no invisible character. So no post can take a blog's own addresses
// (feed.xml, sitemap.xml), "..", or a name that differs from another only invisibly, and no list of
// reserved words is needed.
[[nodiscard]] std::string slugify(std::string_view text);

// Converts an old address of a post, as an author writes it in `aliases`, to a slug: from a slug, a
// path or a whole URL; "/2019/Old%20page.html?x#y" gives "2019/old-page". Code that looks up a
// redirect converts the requested path with this function, too. Returns nothing when there is no
// letter or number.
[[nodiscard]] std::optional<std::string> slug_of_address(std::string_view address);

// Derives the slug from a path below the blog's root: without extension and YYYY-MM-DD- prefix;
// `index`, `_index` and `README` get their folder's name ("index" and "readme" at the top), and the
// folders `_posts` and `_drafts` take no part.
[[nodiscard]] std::string slug_from_path(std::string_view path_under_root);

// Tells whether the value of a key of front matter (`permalink`, `url`, `path`) can be the address
// of a page of the blog. Patterns ("/:year/:title/", "{{ slug }}") cannot, nor can other sites'
// under the names that people also use for those.
[[nodiscard]] bool is_permalink(std::string_view key, std::string_view address);
[[nodiscard]] bool is_permalink_pattern(std::string_view address);

// Returns the slug that the front matter asks for, if it does. A `permalink` is the whole slug,
// as is a `slug` with a '/' in it; one without replaces the last part of the path's. What has
// no letter or number (slashes alone) asks for nothing.
[[nodiscard]] std::optional<std::string> written_slug(std::string_view path_under_root,
                                                      const std::optional<std::string>& slug,
                                                      const std::optional<std::string>& permalink);

// Appends "-ending", an ASCII word, and cuts the slug before it where both are too long together.
[[nodiscard]] std::string slug_with_ending(std::string_view slug, std::string_view ending);

// True when the path is its slug and an extension: of several files that derive one slug, such a
// one has the best right to it.
[[nodiscard]] bool is_plain_name(std::string_view path_under_root, std::string_view slug);

// Makes a readable title: "2024-01-02-my-first_post.md" → "My first post". Capitals stay, and where
// the name has a space, so does every other character: "My e-mail setup.md" → "My e-mail setup".
[[nodiscard]] std::string title_from_path(std::string_view path);

// Returns the day in a file name like "2024-01-02-…".
[[nodiscard]] std::optional<std::chrono::sys_days> date_from_path(std::string_view path);

// Matches *.md, *.markdown, *.mdown, *.mkd, *.mkdn and *.mdwn in any case, as GitHub does.
[[nodiscard]] bool is_markdown_path(std::string_view path);

}  // namespace devy::post
