"""Portfolio files: several sites and companies under shared limits."""

from rerack.scenario.portfolio.loading import PortfolioStudy, SiteOfPortfolio, load_portfolio
from rerack.scenario.portfolio.schema import PortfolioFile

__all__ = ["PortfolioFile", "PortfolioStudy", "SiteOfPortfolio", "load_portfolio"]
