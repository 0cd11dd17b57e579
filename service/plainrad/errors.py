"""Every error that Plainrad raises on purpose.

    PlainradError
    ├── ContentError                    the content that people edit is wrong
    │   ├── ContentMissingError         a content folder cannot be found
    │   └── ContentInvalidError         a file breaks the schema; the message names file, entry and remedy
    ├── AuthoringError                  a change to the content cannot go where it was sent (each has a stable `code`)
    │   ├── ChangeStateError            change_state
    │   ├── ChangeStaleError            change_stale
    │   ├── ChangeUnknownError          change_not_found
    │   ├── ChangeLawError              change_breaks_law
    │   ├── FourEyesError               four_eyes
    │   └── ReviewerMissingError        reviewer_missing
    ├── RuleError                       a rule file of the language pipeline is wrong
    ├── ReportError                     a report cannot be accepted (each has a stable `code`)
    │   ├── ReportNotVerifiedError      report_not_verified
    │   ├── ReportStatusMissingError    report_status_missing
    │   ├── ReportEmptyError            report_empty
    │   ├── ReportTooLargeError         report_too_large
    │   ├── ReportEncodingError         report_encoding
    │   ├── ReportInvalidError          report_invalid
    │   │   └── NhsNumberError          nhs_number_invalid
    │   └── JsonInvalidError            json_invalid
    ├── SettingsInvalidError            an environment variable has a value that cannot be used
    ├── TermNotFoundError               no glossary entry has this id
    ├── ServiceError                    the REST service cannot serve a request
    │   ├── RequestError                the request is wrong beside its report; it names its code
    │   ├── NotReadyError               the glossary and the rules are still being loaded
    │   ├── BusyError                   other reports have kept this one waiting for too long
    │   └── AddressError                the address cannot be listened on
    └── ExtraMissingError               an optional part is not installed

No message holds a word of a report: what a caller sent never reaches a log or an answer through an error.
"""


class PlainradError(Exception):
    """The root of the tree. `code` is stable: callers may branch on it."""

    code = "internal_error"


class ContentError(PlainradError):
    """The content that people edit is wrong."""

    code = "content_error"


class ContentMissingError(ContentError):
    """A content folder cannot be found."""

    code = "content_missing"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The content folder '{name}' was found neither inside the installed package nor beside pyproject.toml. "
            "Install the wheel again, or run from a complete checkout."
        )


class ContentInvalidError(ContentError):
    """A content file breaks the schema or the editorial law."""

    code = "content_invalid"


class AuthoringError(PlainradError):
    """A change to the content cannot go where it was sent."""

    code = "authoring_error"


class ChangeStateError(AuthoringError):
    """The change is not in a state from which it can go there."""

    code = "change_state"

    def __init__(self, state: str) -> None:
        named = state.replace("_", " ")
        super().__init__(f"This change is {named}: that cannot be done with it now. Look at it again.")


class ChangeStaleError(AuthoringError):
    """Somebody else has changed it meanwhile."""

    code = "change_stale"

    def __init__(self) -> None:
        super().__init__(
            "Somebody else has changed this entry meanwhile. Nothing of yours was saved over it: open it again, and put your wording in."
        )


class ChangeUnknownError(AuthoringError):
    """There is no such change or version."""

    code = "change_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such change or version. The list shows those that there are.")


class ChangeLawError(AuthoringError):
    """The entry breaks the editorial law; the message lists how."""

    code = "change_breaks_law"


class FourEyesError(AuthoringError):
    """Somebody tried to approve what they have written in."""

    code = "four_eyes"

    def __init__(self) -> None:
        super().__init__("You have written in this change, so somebody else has to approve it.")


class ReviewerMissingError(AuthoringError):
    """Half of a review was given."""

    code = "reviewer_missing"

    def __init__(self) -> None:
        super().__init__(
            "Name the professional who has read it, and the day by which it is to be read again; or leave both empty."
        )


class RuleError(PlainradError):
    """A rule file of the language pipeline is wrong."""

    code = "rule_invalid"


class ReportError(PlainradError):
    """A report cannot be accepted."""

    code = "report_invalid"


class ReportNotVerifiedError(ReportError):
    """The report has a status that is not final, amended, corrected or appended."""

    code = "report_not_verified"

    def __init__(self) -> None:
        super().__init__(
            "Only a verified report can be explained: its status must be final, amended, corrected or appended. "
            "Send it again once it has been verified."
        )


class ReportStatusMissingError(ReportError):
    """Nobody said whether the report is verified."""

    code = "report_status_missing"

    def __init__(self) -> None:
        super().__init__(
            "The report has no status. State it: final, amended, corrected or appended (for the command line: --status final)."
        )


class ReportEmptyError(ReportError):
    """The report holds nothing but white space."""

    code = "report_empty"

    def __init__(self) -> None:
        super().__init__("The report has no text. Send the words of the report.")


class ReportTooLargeError(ReportError):
    """The report is longer than the limit."""

    code = "report_too_large"

    def __init__(self, *, limit: int) -> None:
        super().__init__(f"The report is longer than {limit:,} characters. Send one report at a time.")


class ReportEncodingError(ReportError):
    """The bytes are not UTF-8 text."""

    code = "report_encoding"

    def __init__(self) -> None:
        super().__init__("The report is not valid UTF-8 text. Convert it to UTF-8 and send it again.")


class ReportInvalidError(ReportError):
    """A field of the report has a value that cannot be used; the message names the field, never its content."""


class NhsNumberError(ReportInvalidError):
    """The NHS number is not one; the message never shows it."""

    code = "nhs_number_invalid"

    def __init__(self) -> None:
        super().__init__(
            "patient.nhs_number: this is not an NHS number (ten digits, the last of them the check digit). "
            "Leave it out where it is not known."
        )


class JsonInvalidError(ReportError):
    """What was sent as JSON is not JSON."""

    code = "json_invalid"

    def __init__(self) -> None:
        super().__init__(
            "This is not one valid JSON object. Check quotes, commas and brackets, and that no name stands twice."
        )


class SettingsInvalidError(PlainradError):
    """An environment variable has a value that cannot be used; the message names it and never shows the value."""

    code = "settings_invalid"


class TermNotFoundError(PlainradError):
    """No glossary entry has this id."""

    code = "term_not_found"

    def __init__(self) -> None:
        super().__init__("No glossary entry has this id. GET /v1/terms lists them.")


class ServiceError(PlainradError):
    """The REST service cannot serve a request."""

    code = "service_error"


class RequestError(ServiceError):
    """The request is wrong beside its report: its type, its size, a parameter."""

    code = "request_invalid"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class NotReadyError(ServiceError):
    """The glossary and the rules are still being loaded."""

    code = "not_ready"

    def __init__(self) -> None:
        super().__init__("The service is starting. Try again in a few seconds.")


class BusyError(ServiceError):
    """Other reports have kept this one waiting for too long."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__("The service is busy. Try again in a few seconds.")


class AddressError(ServiceError):
    """The address cannot be listened on."""

    code = "address_unusable"


class ExtraMissingError(PlainradError):
    """An optional part is not installed."""

    code = "extra_missing"

    def __init__(self, extra: str) -> None:
        super().__init__(f"This needs an optional part: pip install 'plainrad[{extra}]'.")
