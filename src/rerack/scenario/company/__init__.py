"""Company files: what a listed miner owns, owes and has promised, and what is not known of it."""

from rerack.scenario.company.folder import company_files
from rerack.scenario.company.loading import CompanyStudy, load_company
from rerack.scenario.company.schema import CompanyFile

__all__ = ["CompanyFile", "CompanyStudy", "company_files", "load_company"]
