"""A finished run as words, tables, figures and one HTML file."""

from rerack.report.answer import Answer, answer
from rerack.report.figures import FIGURES, Figure, figure
from rerack.report.format import money
from rerack.report.html import report_html, write_report
from rerack.report.source import COLUMNS, META, RunTables, Table, check_run
from rerack.report.tables import table_text, to_csv, to_json
from rerack.report.terminal import summary

__all__ = [
    "COLUMNS",
    "FIGURES",
    "META",
    "Answer",
    "Figure",
    "RunTables",
    "Table",
    "answer",
    "check_run",
    "figure",
    "money",
    "report_html",
    "summary",
    "table_text",
    "to_csv",
    "to_json",
    "write_report",
]
