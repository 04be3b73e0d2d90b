#include "core/publishing/store/account_store.hpp"

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/publishing/store/blog_store.hpp"

// `account add`, `account list`, `account show`.

namespace devy::cli {
namespace {

Json account_json(const publishing::Account& account) {
  return Json::object({{"id", account.id},
                       {"username", account.username},
                       {"is_supporter", account.is_supporter},
                       {"blogs", account.blogs},
                       {"created_at", account.created_at}});
}

std::vector<publishing::Blog> blogs_of(Context& context, const std::string& username) {
  auto blogs = publishing::list_blogs(context.database(), true);
  std::erase_if(blogs, [&](const publishing::Blog& blog) { return blog.username != username; });
  return blogs;
}

int add_account(Context& context, const Arguments& arguments) {
  const auto username = arguments.required("username");
  const bool is_supporter = arguments.has("supporter");
  if (context.is_dry_run()) {
    context.would("add account '" + username + "'");
    return exit_ok;
  }
  const auto account = publishing::add_account(context.database(), username, is_supporter);
  if (context.is_json()) print_json(context.out(), account_json(account));
  context.say("account '" + account.username + "' added" + (is_supporter ? ", a supporter" : ""));
  return exit_ok;
}

int list_accounts(Context& context, const Arguments&) {
  const auto accounts = publishing::list_accounts(context.database());
  if (context.is_json()) {
    print_json(context.out(), json_array(accounts, account_json));
    return exit_ok;
  }
  Table table(
      {{"USERNAME"}, {"SUPPORTER"}, {.title = "BLOGS", .align = Align::right}, {"CREATED"}});
  for (const auto& account : accounts)
    table.add({account.username, account.is_supporter ? "yes" : "no", std::to_string(account.blogs),
               context.time_text(account.created_at)});
  if (table.empty()) context.say("no accounts; add one with `devy-upload account add`");
  else table.print(context.terminal());
  return exit_ok;
}

int show_account(Context& context, const Arguments& arguments) {
  const auto account = publishing::find_account(context.database(), arguments.required("username"));
  const auto blogs = blogs_of(context, account.username);
  if (context.is_json()) {
    auto document = account_json(account);
    document.set("blog_addresses", json_array(blogs, [](const publishing::Blog& blog) {
                   return Json(blog.address());
                 }));
    print_json(context.out(), document);
    return exit_ok;
  }
  auto& out = context.out();
  out << "username   " << account.username << "\nid         " << account.id.text()
      << "\nsupporter  " << (account.is_supporter ? "yes" : "no") << "\ncreated    "
      << context.time_text(account.created_at) << '\n';
  for (const auto& blog : blogs)
    out << "blog       " << blog.address() << (blog.is_connected ? "" : " (disconnected)") << '\n';
  return exit_ok;
}

}  // namespace

const Command& account_add_command() {
  static const Command command{
      .name = "account add",
      .summary = "add an account",
      .help = "A blog belongs to an account. Who is not a supporter has one blog.",
      .examples = {"devy-upload account add alice", "devy-upload account add bob --supporter"},
      .positionals = {{.name = "username", .help = "the user's name on GitHub"}},
      .options = {{.name = "supporter", .help = "may have more than one blog"}},
      .name_field = "username",
      .run = add_account};
  return command;
}

const Command& account_list_command() {
  static const Command command{.name = "account list",
                               .summary = "list the accounts",
                               .name_field = "username",
                               .is_paged = true,
                               .run = list_accounts};
  return command;
}

const Command& account_show_command() {
  static const Command command{
      .name = "account show",
      .summary = "show an account and its blogs",
      .positionals = {{.name = "username", .help = "whose", .kind = ValueKind::account}},
      .name_field = "username",
      .run = show_account};
  return command;
}

}  // namespace devy::cli
