"""Which test shows each of the 118 requirements of OWASP ASVS 5.0 that can be shown from outside.

Our words, not the standard's. A requirement no test shows has none, and says so.
"""

from __future__ import annotations

_ACCOUNTS = "tests/integration/accounts/"
_SIGNING_IN = _ACCOUNTS + "test_signing_in.py::test_"
_SESSIONS = _ACCOUNTS + "test_sessions.py::test_"
_SECOND = _ACCOUNTS + "test_second_step.py::test_"
_STAFF = _ACCOUNTS + "test_staff.py::test_"
_NEW = _ACCOUNTS + "test_new_password.py::test_"
_ELSEWHERE = _ACCOUNTS + "test_sign_in_elsewhere.py::test_"
_PASSWORDS = "tests/unit/accounts/test_passwords.py::test_"
_FACTOR = "tests/unit/accounts/test_second_factor.py::test_"
_CRYPTO = "tests/unit/core/test_crypto.py::test_"
_ADDRESSES = "tests/unit/accounts/test_addresses.py::test_"
_ANSWERS = "tests/integration/core/test_what_answers_carry.py::test_"
_LEAVING = "tests/integration/core/test_files_and_leaving.py::test_asvs_"
_TEMPLATES = "tests/architecture/test_templates.py::test_"
_ROUTES = "tests/architecture/test_routes.py::test_"
_FORGED = "tests/architecture/test_forged_requests.py::test_"
_FILES = "tests/unit/school/test_school_import_files.py::test_"
_OWN = "tests/integration/library/test_own_modules.py::test_"
_UNITS = "tests/integration/core/test_units_of_work.py::test_"
_WRITES = "tests/integration/core/test_tenancy_writes.py::test_"
_LINKS = "tests/integration/families/test_every_link.py::test_"
_DEVICES = "tests/integration/delivery/test_several_devices.py::test_"
_FRAME = "tests/unit/mail/test_mail_frame.py::test_"
_OPERATION = "tests/integration/scheduler/test_operation.py::test_"

_REFUSED_FORGED = _FORGED + "what_is_forged_is_refused_by_every_route_and_what_is_honest_gets_through"
_READING = _FORGED + "reading_any_page_or_asking_for_its_head_changes_nothing"
_HEADERS = _ANSWERS + "every_kind_of_answer_carries_its_headers"
_HIDDEN = _ANSWERS + "methods_and_files_nobody_needs_are_not_there"
_NOT_BELIEVED = _ANSWERS + "what_a_visitor_says_of_host_address_and_method_is_not_believed"
_TWICE = _ANSWERS + "a_field_sent_twice_or_one_that_nobody_asked_for_changes_nothing_more"
_FIELDS = _ANSWERS + "passwords_are_hidden_and_programs_that_keep_them_are_helped"
_WORKBOOK_CELLS = "tests/integration/coverage/test_evidence_pack.py::" + (
    "test_the_workbook_and_every_csv_hold_the_same_figures_and_no_formula"
)
_WALL = "tests/integration/core/test_row_security.py::" + (
    "test_with_the_filter_removed_the_database_shows_no_row_of_another_school"
)
_WAITS = "tests/browser/test_recording_without_a_signal.py::" + (
    "test_what_waits_is_sent_for_nobody_else_and_what_is_not_taken_can_be_looked_at"
)
_RETIRED = "tests/integration/protection/test_data_protection.py::" + (
    "test_every_message_goes_on_its_day_and_none_a_day_early_or_late"
)
_HTTPS_COOKIE = _SIGNING_IN + "over_https_the_cookie_is_secure_and_bound_to_the_host"
_SAFE_COOKIE = _SIGNING_IN + "the_cookie_is_out_of_reach_of_scripts_and_other_sites"
_MARKDOWN = "tests/unit/core/test_markdown.py::test_nothing_that_runs_loads_or_styles_comes_through"
_MATRIX = _ROUTES + "a_role_reaches_what_it_may_and_nothing_else"
_FIGURES = _OPERATION + "figures_are_for_this_machine_or_a_token_and_name_nobody"
_LOGS = _ACCOUNTS + "test_secrets_in_logs.py::test_nothing_secret_is_logged"
_BANDIT = "tests/process/test_scanners.py::test_a_reader_of_code_finds_nothing_of_medium_or_higher_that_no_reason_stands_beside"
_CRAWLER = (
    "tests/process/test_scanners.py::test_a_crawler_that_attacks_as_each_role_finds_nothing_of_medium_or_higher_and_no_fault"
)

SHOWN: dict[str, tuple[str, tuple[str, ...]]] = {
    # V1 encoding
    "1.2.1": ("what people type is escaped where it is shown", (_TEMPLATES + "no_page_switches_escaping_off", _CRAWLER)),
    "1.2.2": (
        "addresses are built from parts and lead to safe places",
        (_ADDRESSES + "what_is_kept_never_leads_to_another_host",),
    ),
    "1.2.3": ("nothing typed stands inside a script", (_TEMPLATES + "no_page_carries_style_or_script_inside",)),
    "1.2.4": ("databases are asked with parameters", (_BANDIT, _CRAWLER)),
    "1.2.5": ("nothing typed reaches a shell", (_BANDIT,)),
    "1.2.10": ("cells of files that go out are no formulas", (_WORKBOOK_CELLS,)),
    "1.3.1": ("HTML is cleaned to a closed list", (_MARKDOWN,)),
    "1.3.4": ("pictures with scripts do not come through", (_MARKDOWN,)),
    "1.3.5": (
        "Markdown is cleaned after it is rendered",
        (_MARKDOWN, "tests/unit/core/test_markdown.py::test_any_text_gives_well_formed_html"),
    ),
    "1.3.6": (
        "the server fetches from named places only",
        ("tests/unit/accounts/test_providers.py::test_where_a_provider_is_found_follows_from_what_an_admin_typed",),
    ),
    "1.3.7": (
        "no template is made of what is typed",
        ("tests/content/test_printed.py::test_what_a_school_is_called_is_never_read_as_code_or_markup",),
    ),
    "1.3.11": (
        "nothing typed becomes a header of a mail",
        (_FRAME + "a_subject_and_a_name_can_hold_anything_but_another_header",),
    ),
    "1.5.1": (
        "XML of workbooks names no outside entities",
        (_FILES + "a_workbook_with_a_document_type_is_refused_before_it_is_parsed",),
    ),
    # V2 order of business
    "2.2.1": ("what is typed is checked against what is expected", (_STAFF + "an_invitation_needs_name_address_and_role",)),
    "2.2.2": ("the server checks, whatever the browser did", (_STAFF + "actions_refuse_out_loud", _TWICE)),
    "2.2.3": (
        "values that belong together are checked together",
        ("tests/integration/core/test_in_turn.py::test_what_was_read_before_deciding_still_holds_when_it_is_written",),
    ),
    "2.3.1": ("steps cannot be skipped", (_SECOND + "the_password_alone_opens_nothing_and_five_wrong_codes_make_it_wait",)),
    "2.3.2": (
        "limits of the business are kept",
        ("tests/integration/families/test_joining.py::test_an_address_is_asked_at_most_three_times_a_day",),
    ),
    "2.3.3": ("all of an act happens or none", (_UNITS + "a_unit_of_work_that_fails_writes_nothing_and_the_next_one_works",)),
    "2.3.4": ("what there is once is given once", (_DEVICES + "twelve_devices_that_record_at_once_make_one_record",)),
    "2.4.1": (
        "machines that try over and over are slowed down",
        (_SIGNING_IN + "too_many_wrong_tries_close_the_account_for_a_while_and_say_how_long",),
    ),
    # V3 browsers
    "3.2.1": ("files are given to be kept, not shown", (_HEADERS,)),
    "3.2.2": ("text is put into pages as text", (_TEMPLATES + "no_page_switches_escaping_off",)),
    "3.3.1": ("cookies go over https only", (_HTTPS_COOKIE,)),
    "3.3.2": ("cookies stay with our own site", (_SAFE_COOKIE,)),
    "3.3.3": ("cookies are bound to the host", (_HTTPS_COOKIE,)),
    "3.3.4": ("scripts cannot read cookies", (_SAFE_COOKIE,)),
    "3.3.5": ("cookies stay small", (_ANSWERS + "each_page_has_a_nonce_of_its_own_and_cookies_stay_small",)),
    "3.4.1": ("browsers come back over https", (_ANSWERS + "over_https_browsers_are_told_to_come_back_that_way_only",)),
    "3.4.2": ("no other site may read answers", (_HEADERS,)),
    "3.4.3": (
        "a content policy stands on every page",
        (_HEADERS, _ANSWERS + "each_page_has_a_nonce_of_its_own_and_cookies_stay_small"),
    ),
    "3.4.4": ("nothing is taken for another kind of content", (_HEADERS,)),
    "3.4.5": ("no address is told to others", (_HEADERS,)),
    "3.4.6": ("no other site frames our pages", (_HEADERS,)),
    "3.4.8": ("no other window holds on to ours", (_HEADERS,)),
    "3.5.1": ("forged requests are refused", (_REFUSED_FORGED,)),
    "3.5.2": ("no request is safe only because a browser would ask first", (_REFUSED_FORGED,)),
    "3.5.3": ("reading changes nothing", (_READING,)),
    "3.5.8": ("other sites cannot load what is ours", (_HEADERS,)),
    "3.7.2": ("nobody is sent to another site", (_SIGNING_IN + "nobody_is_sent_to_another_site",)),
    # V4 answers
    "4.1.1": ("every answer says its kind and letters", (_HEADERS,)),
    "4.1.3": ("no visitor sets what a proxy would say", (_NOT_BELIEVED,)),
    "4.2.1": (
        "requests end where they say",
        ("tests/process/test_where_requests_end.py::test_asvs_4_2_1_a_request_ends_where_it_says_and_no_other_hides_in_it",),
    ),
    # V5 files
    "5.2.1": ("files are no larger than we can bear", (_FILES + "an_archive_that_lies_about_its_sizes_is_counted_as_it_grows",)),
    "5.2.2": ("a file is what its name says", (_FILES + "what_is_no_table_is_refused_in_words",)),
    "5.2.3": (
        "archives are counted while they are unpacked",
        (_OWN + "a_liar_about_sizes_is_read_no_further_than_a_file_may_be",),
    ),
    "5.3.1": ("nothing uploaded is run or served as a page", (_HIDDEN, _OWN + "a_refused_archive_leaves_nothing_behind")),
    "5.3.2": (
        "no name of a file leads anywhere",
        (_FILES + "the_names_of_uploads_are_never_more_than_words", _FILES + "a_link_in_an_archive_is_refused"),
    ),
    "5.4.1": ("files that go out have names of ours", (_HEADERS,)),
    "5.4.2": (
        "names of files are written safely",
        (_LEAVING + "5_4_2_names_of_files_are_words_whatever_a_school_or_class_is_called",),
    ),
    # V6 who somebody is
    "6.2.1": ("passwords have eight letters or more", (_PASSWORDS + "length_has_a_floor_and_a_ceiling",)),
    "6.2.2": ("people change their password", (_NEW + "the_own_password_is_changed_by_who_knows_it",)),
    "6.2.3": ("who changes it knows the old one", (_NEW + "guessing_the_own_password_is_slowed_down_too",)),
    "6.2.4": ("the passwords everybody guesses are refused", (_PASSWORDS + "what_everybody_guesses_first_is_refused",)),
    "6.2.5": ("no signs or digits are asked for", (_PASSWORDS + "unusual_words_need_no_digits_or_signs",)),
    "6.2.6": ("a password is hidden while it is typed", (_FIELDS,)),
    "6.2.7": ("passwords can be pasted and filled in by programs", (_FIELDS,)),
    "6.2.8": ("a password counts as it was typed, whole", (_PASSWORDS + "only_the_password_itself_is_the_password",)),
    "6.2.9": ("long passwords are taken", (_PASSWORDS + "length_has_a_floor_and_a_ceiling",)),
    "6.2.12": ("passwords that were stolen elsewhere are refused", (_PASSWORDS + "what_everybody_guesses_first_is_refused",)),
    "6.3.1": (
        "guessing is slowed down",
        (_SECOND + "spraying_many_accounts_from_one_address_is_hardly_evaluated_and_colleagues_get_in",),
    ),
    "6.3.2": (
        "there is no account that comes with the program",
        (_ACCOUNTS + "test_setting_up.py::test_no_password_is_asked_for_or_printed_and_the_keys_are_private",),
    ),
    "6.3.3": ("admins and leads have a second step", (_SECOND + "who_must_have_one_gets_nowhere_else_until_it_is_set_up",)),
    "6.3.4": (
        "every way in is as strong as the others",
        (_ELSEWHERE + "an_admin_still_types_the_code_unless_the_provider_is_trusted_and_says_it_asked",),
    ),
    "6.3.8": (
        "nobody learns who has an account",
        (_SIGNING_IN + "every_wrong_try_gets_the_same_answer", _NEW + "nobody_learns_who_has_an_account"),
    ),
    "6.4.1": ("first links are random and end", (_STAFF + "a_link_works_once", _STAFF + "a_link_runs_out_after_seven_days")),
    "6.4.2": ("there are no hints or questions", (_NEW + "a_link_lets_its_owner_choose_a_new_password",)),
    "6.4.3": (
        "a new password does not go round the second step",
        (_SECOND + "a_new_password_by_mail_does_not_go_round_the_second_step",),
    ),
    "6.5.1": ("a code counts once", (_SECOND + "a_code_is_good_once", _SECOND + "a_recovery_code_lets_in_once")),
    "6.5.5": ("a code ends soon", (_FACTOR + "a_code_counts_a_step_early_or_late_and_never_twice",)),
    "6.6.3": ("codes cannot be guessed", (_SECOND + "the_password_alone_opens_nothing_and_five_wrong_codes_make_it_wait",)),
    # V7 sessions
    "7.2.1": ("the server checks each session", (_SESSIONS + "a_made_up_cookie_opens_nothing",)),
    "7.2.2": (
        "sessions have tokens made for them",
        (_SIGNING_IN + "every_sign_in_has_a_token_of_its_own_and_ends_the_one_before",),
    ),
    "7.2.3": ("tokens cannot be guessed", (_SIGNING_IN + "only_the_hash_of_a_token_is_kept",)),
    "7.2.4": ("signing in makes a new one", (_SIGNING_IN + "every_sign_in_has_a_token_of_its_own_and_ends_the_one_before",)),
    "7.3.1": ("a session nobody uses ends", (_SESSIONS + "a_session_nobody_uses_ends_sooner_for_admins",)),
    "7.3.2": ("every session ends some time", (_SESSIONS + "a_busy_session_ends_after_its_hours",)),
    "7.4.1": ("signing out ends it", (_SESSIONS + "signing_out_ends_the_session_and_takes_the_cookie_back",)),
    "7.4.2": ("a disabled account is out", (_SESSIONS + "a_disabled_account_is_out_at_once",)),
    "7.4.3": (
        "with a new second step all others end",
        (_SECOND + "an_admin_sets_it_up_on_the_page_and_is_asked_for_it_from_then_on",),
    ),
    "7.4.4": ("signing out is on every page", (_SESSIONS + "signing_out_needs_a_form_not_a_link",)),
    "7.4.5": ("an admin ends the sessions of others", (_STAFF + "a_leaver_is_out_at_once_here_and_stays_in_elsewhere",)),
    "7.5.1": (
        "before a dangerous act one shows who one is",
        (_SECOND + "before_roles_are_changed_a_long_session_shows_again_who_it_is",),
    ),
    "7.5.2": ("people see their sessions and end them", (_SECOND + "one_browser_is_signed_out_from_another_and_nobody_elses",)),
    # V8 rights
    "8.2.1": ("functions ask for permission", (_MATRIX, _ROUTES + "every_route_says_who_may_enter")),
    "8.2.2": ("rows ask whose they are", (_MATRIX,)),
    "8.2.3": ("fields nobody may set are not set", (_TWICE,)),
    "8.3.1": (
        "rights are checked at the server, below the pages",
        (_WRITES + "another_schools_row_cannot_be_changed_deleted_or_taken_over",),
    ),
    "8.3.2": ("a change of rights holds at once", (_SESSIONS + "a_role_that_is_given_or_taken_holds_at_once",)),
    "8.4.1": ("no school reaches another", (_MATRIX, _WALL)),
    # V9 links
    "9.1.1": (
        "links are signed",
        (_CRYPTO + "every_single_changed_character_of_a_link_is_noticed", _LINKS + "no_changed_link_is_ever_accepted"),
    ),
    "9.1.2": (
        "only known ways of signing count",
        (
            _CRYPTO + "what_was_never_a_link_is_refused",
            _ELSEWHERE + "a_token_that_is_not_signed_by_a_key_of_the_provider_lets_nobody_in",
        ),
    ),
    "9.2.1": ("links end", (_CRYPTO + "a_link_expires",)),
    "9.2.2": ("a link is good for one thing", (_CRYPTO + "a_link_is_good_for_its_own_purpose_only",)),
    "9.2.3": (
        "a link is good for one school or service",
        (
            _LINKS + "links_that_are_no_good_all_answer_with_one_page_and_change_nothing",
            _ELSEWHERE + "a_word_that_is_wrong_in_one_way_lets_nobody_in",
        ),
    ),
    # V13 serving
    "13.4.1": ("no source control is served", (_HIDDEN,)),
    "13.4.2": ("no debugging is on", (_HIDDEN,)),
    "13.4.3": ("folders are not listed", (_HIDDEN,)),
    "13.4.4": ("TRACE is refused", (_HIDDEN,)),
    "13.4.5": ("what is for monitors is for monitors", (_FIGURES,)),
    "13.4.6": ("no versions are told", (_HEADERS,)),
    # V14 data
    "14.2.1": ("nothing sensitive stands in an address", (_LOGS,)),
    "14.2.3": ("nothing goes to third parties", (_TEMPLATES + "no_page_fetches_anything_from_elsewhere",)),
    "14.2.6": (
        "as little is shown as is needed",
        ("tests/integration/families/test_joining.py::test_an_address_is_kept_so_that_only_our_keys_read_it",),
    ),
    "14.2.7": ("things go when their time is up", (_RETIRED,)),
    "14.2.8": ("who wrote a file is not kept with it", (_LEAVING + "14_2_8_a_policy_is_published_without_who_wrote_its_file",)),
    "14.3.1": (
        "what a browser holds is cleared on signing out",
        (
            _LEAVING + "14_3_1_signing_out_asks_the_browser_to_forget_and_keeps_no_page",
            "tests/browser/test_other_roles_journey.py::test_asvs_14_3_1_signing_out_empties_every_tab",
        ),
    ),
    "14.3.2": ("pages are not kept by browsers", (_HEADERS,)),
    "14.3.3": ("browsers keep nothing sensitive", (_WAITS,)),
    # V15, V16 code and faults
    "15.2.2": (
        "long work does not stop the rest",
        (_LEAVING + "15_2_2_pages_go_on_while_files_are_made_and_nobody_takes_all_hands",),
    ),
    "15.3.1": ("only the fields that are needed are given", (_FIGURES,)),
    "15.3.3": ("no field is set because it was sent", (_TWICE,)),
    "15.3.4": ("the address of a visitor is not theirs to say", (_NOT_BELIEVED,)),
    "15.3.7": ("a field sent twice does no harm", (_TWICE,)),
    "15.4.2": ("what was checked still holds when it is used", (_STAFF + "two_admins_cannot_end_each_other_at_the_same_moment",)),
    "16.5.1": ("faults say nothing of the inside", (_TEMPLATES + "every_error_page_is_whole_html_and_says_what_to_do",)),
    "16.5.2": (
        "what others fail at does not stop us",
        (
            _ELSEWHERE + "a_provider_that_does_not_answer_is_said_in_a_sentence",
            _OPERATION + "a_mail_server_that_does_not_answer_is_named",
        ),
    ),
    "16.5.3": ("a fault leaves the door shut", (_UNITS + "a_broken_constraint_rolls_everything_back",)),
}


def tests() -> list[str]:
    """Give every test that shows a requirement, once."""
    return sorted({test for _words, shown in SHOWN.values() for test in shown})


def page() -> str:
    """Give the table as it stands in docs/asvs.md."""
    missing = sum(not tests for _words, tests in SHOWN.values())
    how_many = f"{len(SHOWN) - missing} have one, {missing} have none yet" if missing else "Each has one"
    head = f"""# ASVS 5.0: what shows each requirement

The 118 requirements of OWASP ASVS 5.0 (level 2, and eleven of level 3) that can be shown from outside, in our words, each with
the tests that show it. {how_many}. A test checks that every test named is there.
Requirements shown by document or configuration are not among the 118, nor are those of signing in elsewhere
(V10.5, in [sign-in-elsewhere.md](sign-in-elsewhere.md)).

| id | requirement | shown by |
| --- | --- | --- |
"""
    return head + "".join(f"| {number} | {words} | {_named(tests)} |\n" for number, (words, tests) in SHOWN.items())


def _named(tests: tuple[str, ...]) -> str:
    return "<br>".join(f"`{test.removeprefix('tests/')}`" for test in tests) or "no test yet"


if __name__ == "__main__":
    print(page(), end="")
