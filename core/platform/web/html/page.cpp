#include "core/platform/web/html/page.hpp"

#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary.h>
#include <ctemplate/template_emitter.h>
#include <ctemplate/template_enums.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <utility>

#include "core/platform/base/error.hpp"
#include "core/platform/web/html/embedded_templates.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/shown_text.hpp"
#include "core/platform/web/html/template_rules.hpp"

namespace devy::html {
namespace {

using base::Error;
using base::ErrorKind;

constexpr auto strip = ctemplate::STRIP_BLANK_LINES;

ctemplate::TemplateString view(std::string_view text) {
  return {text.data(), text.size()};
}

class LoadedTemplates {
 public:
  LoadedTemplates() {
    for (const auto& source : embedded_templates()) {
      names_.emplace(source.file, check_template(source.file, source.text));
      files_.push_back({source.file});
      if (!cache_.StringToTemplateCache(view(source.file), view(source.text), strip))
        throw Error(ErrorKind::internal, "unable to load template '" + std::string(source.file) +
                                             "': ctemplate refuses it");
    }
    cache_.Freeze();
  }

  const TemplateNames& names(std::string_view file) const {
    const auto found = names_.find(file);
    if (found == names_.end())
      throw Error(ErrorKind::internal, "unable to find template '" + std::string(file) + "'");
    return found->second;
  }

  std::span<const Template> files() const { return files_; }

  // A frozen cache only reads, though its function is not const.
  bool expand(std::string_view file, const ctemplate::TemplateDictionary& dictionary,
              ctemplate::ExpandEmitter& emitter) const {
    return cache_.ExpandNoLoad(view(file), strip, &dictionary, nullptr, &emitter);
  }

 private:
  ctemplate::TemplateCache cache_;
  std::map<std::string_view, TemplateNames> names_;
  std::vector<Template> files_;
};

const LoadedTemplates& loaded_templates() {
  static const LoadedTemplates loaded;
  return loaded;
}

// Keeps at most page_bytes_max, and knows that there was more.
class BoundedEmitter : public ctemplate::ExpandEmitter {
 public:
  void Emit(char byte) override { append({&byte, 1}); }
  void Emit(const std::string& text) override { append(text); }
  void Emit(const char* text) override { append(text); }
  void Emit(const char* text, std::size_t length) override { append({text, length}); }

  std::string html;
  bool is_over = false;

 private:
  void append(std::string_view text) {
    is_over = is_over || text.size() > page_bytes_max - html.size();
    if (!is_over) html += text;
  }
};

}  // namespace

struct Fill::Content {
  struct Child {
    Child(std::string_view section_or_include, std::string_view included,
          std::unique_ptr<Content> content)
        : name(section_or_include), file(included), fill(std::move(content)) {}
    std::string_view name;  // of the section or the include
    std::string_view file;  // of an include
    Fill fill;
  };
  std::unique_ptr<ctemplate::TemplateDictionary> own;  // a root's
  ctemplate::TemplateDictionary* dictionary = nullptr;
  std::vector<std::string_view> names;
  std::deque<Child> children;  // a deque, for they are borrowed while others are added
};

Fill::Fill() : content_(std::make_unique<Content>()) {
  content_->own = std::make_unique<ctemplate::TemplateDictionary>("page");
  content_->dictionary = content_->own.get();
}

Fill::Fill(std::unique_ptr<Content> content) : content_(std::move(content)) {}

Fill::~Fill() = default;

void Fill::set(Name name, std::string_view text) {
  content_->names.push_back(name.text);
  if (is_showable(text)) content_->dictionary->SetValue(view(name.text), view(text));
  else content_->dictionary->SetValue(view(name.text), shown_text(text));
}

void Fill::set(Name name, std::int64_t number) {
  set(name, number_text(number));
}

void Fill::set(NumberName name, std::int64_t number) {
  set(Name{name.text}, std::to_string(number));
}

void Fill::set_url(UrlName name, const Url& url) {
  set(Name{name.text}, url.text());
}

Fill& Fill::add(Section section) {
  auto content = std::make_unique<Content>();
  content->dictionary = content_->dictionary->AddSectionDictionary(view(section.text));
  return content_->children.emplace_back(section.text, "", std::move(content)).fill;
}

void Fill::show(Section section) {
  add(section);
}

Fill& Fill::include(Include name, Template file) {
  auto content = std::make_unique<Content>();
  content->dictionary = content_->dictionary->AddIncludeDictionary(view(name.text));
  content->dictionary->SetFilename(view(file.file));
  return content_->children.emplace_back(name.text, file.file, std::move(content)).fill;
}

// Compares what a template wants with what was set.
struct FillReader {
  std::vector<std::string> unset;

  void read(const std::string& place, const TemplateNames& wanted, const Fill& fill,
            std::vector<const Fill*> around) {
    around.push_back(&fill);
    for (const auto& name : wanted.values) {
      const bool is_set = std::ranges::any_of(around, [&](const Fill* one) {
        return std::ranges::find(one->content_->names, name) != one->content_->names.end();
      });
      if (is_set) continue;
      unset.push_back(place);
      unset.back().append("/").append(name);
    }
    for (const auto& child : fill.content_->children) {
      if (!child.file.empty()) {
        read(std::string(child.file), loaded_templates().names(child.file), child.fill, {});
        continue;
      }
      const auto section = wanted.sections.find(std::string(child.name));
      if (section == wanted.sections.end())
        unset.push_back(place + " has no section " + std::string(child.name));
      else read(place + "/" + std::string(child.name), section->second, child.fill, around);
    }
  }

  static const ctemplate::TemplateDictionary& dictionary(const Fill& fill) {
    return *fill.content_->dictionary;
  }
};

std::vector<std::string> unset_names(Template file, const Fill& fill) {
  FillReader reader;
  reader.read(std::string(file.file), loaded_templates().names(file.file), fill, {});
  return std::move(reader.unset);
}

std::string render(Template file, const Fill& fill) {
  const auto& loaded = loaded_templates();
#ifndef NDEBUG
  if (const auto unset = unset_names(file, fill); !unset.empty())
    throw Error(ErrorKind::internal, "unable to render a page: nobody has set " + unset.front() +
                                         " (" + std::to_string(unset.size()) + " in all)");
#endif
  BoundedEmitter emitter;
  if (!loaded.expand(file.file, FillReader::dictionary(fill), emitter))
    throw Error(ErrorKind::internal, "unable to render template '" + std::string(file.file) + "'");
  if (emitter.is_over)
    throw Error(ErrorKind::internal, "unable to render template '" + std::string(file.file) +
                                         "': the page has more than " +
                                         std::to_string(page_bytes_max) + " bytes");
  return std::move(emitter.html);
}

void load_templates() {
  loaded_templates();
}

std::span<const Template> all_templates() {
  return loaded_templates().files();
}

}  // namespace devy::html
